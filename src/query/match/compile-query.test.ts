// Which records queries find: a table by hand; random-queries.test.ts has thousands more.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordAt, type RecordBatch } from '../../contracts/batch.ts'
import type { LogRecord } from '../../contracts/record.ts'
import { batchOf, storedBatch } from '../batch-harness.ts'
import { compileQuery, matchRows, filterBatch } from './compile-query.ts'
import { parseQuery } from '../language/parse-query.ts'
import { selectRows } from './select-rows.ts'

const now = Date.UTC(2025, 9, 19, 12)

const records: Partial<LogRecord>[] = [
  { message: 'Connection refused by 10.0.0.1:5432', severity: 17, stream: 'stderr', time: now - 60_000 },
  {
    message: 'request timeout after 250 ms',
    severity: 13,
    fields: { duration_ms: 250, user: { id: 42, name: 'Ada' } },
  },
  {
    message: 'request done',
    logger: 'http.server',
    fields: { duration_ms: 12.5, 'user.id': '7', tags: ['fast', 'GET'] },
  },
  { message: 'login', kind: 'audit', logger: 'audit.users', fields: { action: 'state_change', ok: true, none: null } },
  { message: 'Größe überschritten: ÄÖÜ', severity: 21, traceId: '0af7651916cd43dd8448eb211c80319c' },
  { message: 'port:80 and state=ready', severity: 5 },
  { message: 'port:8080' },
  { message: '', fields: { note: 'say "hi"\nthere', path: '/api/orders/42' } },
]

const found: [query: string, rows: number[]][] = [
  ['', [0, 1, 2, 3, 4, 5, 6, 7]],
  ['time', [1]],
  ['CONNECTION', [0]],
  ['connection refused', [0]],
  ['refused connection', [0]],
  ['"refused connection"', []],
  ['ada', [1]],
  ['http.server', [2]],
  ['0AF76519', [4]],
  ['fast', [2]],
  ['true', [3]],
  ['größe', [4]],
  ['äöü', [4]],
  ['"say \\"hi\\""', [7]],
  ['duration_ms', []],
  ['-request level<error', [3, 5, 6, 7]],
  ['request OR login', [1, 2, 3]],
  ['level:error', [0]],
  ['level>=warning', [0, 1, 4]],
  ['level<info', [5]],
  ['stream:stderr', [0]],
  ['stream!=stderr request', [1, 2]],
  ['kind:audit', [3]],
  ['logger:audit.*', [3]],
  ['logger:audit', []],
  ['logger:/^(audit|http)/', [2, 3]],
  ['source:web time', [1]],
  ['source:w* time', [1]],
  ['source:db time', []],
  ['-source:db time', [1]],
  ['run:1 login', [3]],
  ['run>1', []],
  ['session:session-1 login', [3]],
  ['user.id:42', [1]],
  ['user.id:7', [2]],
  ['user.id:4', []],
  ['user.name:ADA', [1]],
  ['user.name:a*', [1]],
  ['user.name!=ada request', [2]],
  ['duration_ms>100', [1]],
  ['duration_ms>=12.5', [1, 2]],
  ['duration_ms:12.50', [2]],
  ['duration_ms<0', []],
  ['tags:get', [2]],
  ['ok:true', [3]],
  ['none:null', [3]],
  ['action:state_*', [3]],
  ['path:/api/*', [7]],
  ['path:/orders.4/', [7]],
  ['has:traceId', [4]],
  ['has:user.id', [1, 2]],
  ['has:none', [3]],
  ['-has:fields', [0, 4, 5, 6]],
  ['port:80', [5]],
  ['port:8080', [6]],
  ['state=ready', [5]],
  ['message:request', [1, 2]],
  ['message:ada', []],
  ['/time(d )?out/', [1]],
  ['/^$/', [7]],
  ['/ready$/', [5]],
  ['/ÄÖ./', [4]],
  ['since:2m', [0]],
  ['until:2m -fast', [1, 3, 4, 5, 6, 7]],
]

for (const stored of [false, true]) {
  const batch = stored ? storedBatch(batchOf(records)) : batchOf(records)
  for (const [query, rows] of found) {
    test(`${query || 'nothing'} finds ${rows.join(' ') || 'none'}${stored ? ' (stored)' : ''}`, () => {
      const predicate = compileQuery(parseQuery(query, { now }))
      assert.deepEqual([...matchRows(batch, predicate)], rows)
      const single = records.map((_, index) => index).filter((index) => predicate(batch, index))
      assert.deepEqual(single, rows)
    })
  }
}

test('a batch of another source, run or session is decided without looking at its rows', () => {
  const batch = batchOf(records)
  const blind = { ...batch, extras: () => assert.fail('looked'), get text() { return assert.fail('looked') } } as RecordBatch // oxfmt-ignore
  for (const query of [
    'source:db time',
    'time source:db',
    'run:2 user.id:42',
    'session:x AND (a OR b)',
    '-source:web x',
  ]) {
    assert.equal(compileQuery(parseQuery(query)).bind(blind), false, query)
  }
  assert.equal(compileQuery(parseQuery('source:web OR time')).bind(blind), true)
})

test('one predicate goes from batch to batch', () => {
  const predicate = compileQuery(parseQuery('source:web login'))
  const batches = [batchOf(records), batchOf(records.map((record) => ({ ...record, source: 'db' }))), batchOf(records)]
  assert.deepEqual(
    batches.map((batch) => predicate(batch, 3)),
    [true, false, true],
  )
})

test('a hit never reaches over the edge of a message', () => {
  const batch = batchOf([{ message: 'time' }, { message: 'out' }, { message: 'x timeout' }, { message: 'timeout' }])
  const many = batchOf(Array.from({ length: 5000 }, (_, i) => ({ message: i % 7 === 0 ? 'time' : 'out' })))
  const timeout = compileQuery(parseQuery('timeout'))
  assert.deepEqual([...matchRows(batch, timeout)], [2, 3])
  assert.equal(matchRows(many, timeout).length, 0)
  assert.equal(matchRows(many, compileQuery(parseQuery('tIme'))).length, 715)
})

test('rows in any order, with gaps and shared text', () => {
  const whole = batchOf(
    Array.from({ length: 300 }, (_, i) => ({ message: `line ${i} ${i % 10 === 3 ? 'needle' : 'hay'}` })),
  )
  const picked = Array.from({ length: 150 }, (_, i) => (i * 37) % 300)
  const batch = selectRows(whole, picked)
  const rows = [...matchRows(batch, compileQuery(parseQuery('needle')))]
  assert.deepEqual(
    rows,
    picked.flatMap((row, i) => (row % 10 === 3 ? [i] : [])),
  )
})

test('filterBatch gives the same batch, a part of it, or none', () => {
  const batch = batchOf(records)
  const filter = (query: string) => filterBatch(batch, compileQuery(parseQuery(query)))
  assert.equal(filter('source:web'), batch)
  assert.equal(filter('source:db'), undefined)
  assert.equal(filter('nowhere'), undefined)
  const part = filter('request')!
  assert.deepEqual([recordAt(part, 0), recordAt(part, 1)], [recordAt(batch, 1), recordAt(batch, 2)])
  assert.equal(part.count, 2)
})

test('a pattern that explodes elsewhere does not here', () => {
  const batch = batchOf([{ message: `${'a'.repeat(50_000)}!` }])
  assert.equal(matchRows(batch, compileQuery(parseQuery('/(a+)+$/'))).length, 0)
  assert.equal(matchRows(batch, compileQuery(parseQuery('/(a|aa)+b/'))).length, 0)
  const stars = compileQuery(parseQuery(`message:x OR note:${'*a'.repeat(200)}b`))
  assert.equal(matchRows(batchOf([{ fields: { note: 'a'.repeat(50_000) } }]), stars).length, 0)
})
