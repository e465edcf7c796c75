// What becomes of bodies of records, one form after the other.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { repeat } from './repeated-values.ts'
import { observed, read, readInParts, rows, rowsOf } from './ndjson-harness.ts'

test('a record of the customary form', () => {
  const line =
    '{"time":"2025-10-19T05:55:47.606Z","level":"warn","logger":"shop.cart","message":"slow","trace_id":"4BF92F3577B34DA6A3CE929D0E0E4736","span_id":"00f067aa0ba902b7","user":{"id":42},"ms":12.5}'
  const { batches, records, malformed } = read(`${line}\n`)
  assert.deepEqual([batches.length, records, malformed], [1, 1, 0])
  assert.deepEqual(rowsOf(batches[0]), [
    {
      message: 'slow',
      time: Date.UTC(2025, 9, 19, 5, 55, 47, 606),
      severity: 13,
      kind: 'system',
      extras: {
        logger: 'shop.cart',
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
        spanId: '00f067aa0ba902b7',
        fields: { user: { id: 42 }, ms: 12.5 },
      },
    },
  ])
  const { source, run, session, pid, id, seq, stream, observed: seen } = batches[0]!
  assert.deepEqual(
    [source, run, session, pid, id[0], seq[0], stream[0], seen[0]],
    ['shop', 1, 's', 0, 0, 0, 2, observed],
  )
})

test('extras are written as JSON.stringify writes them, however they came, and numbers as they came', () => {
  const line = String.raw`{ "b" : [ 1 , {"c" : 1E3} ], "path":"\/a\u0041", "big":12345678901234567890, "name":"x", "tab":"\t", "neg":-0, "tiny":0.0000001,"k":1 }`
  const [batch] = read(line).batches
  const { bytes, start, end } = batch!.extras.json!
  assert.equal(
    Buffer.from(bytes.subarray(start[0], end[0])).toString(),
    String.raw`{"logger":"x","fields":{"b":[1,{"c":1E3}],"path":"/aA","big":12345678901234567890,"tab":"\t","neg":-0,"tiny":0.0000001,"k":1}}`,
  )
})

test('lines that are no objects become messages and are counted', () => {
  const lines = ['{"msg":"ok"}', 'plain text', '{"msg":"cut', '[1]', '{}', '{"msg":"a"} {"msg":"b"}', '{"a":1,}', '42']
  const { records, malformed, batches } = read(lines.join('\n'))
  assert.deepEqual([records, malformed], [8, 6])
  assert.deepEqual(
    rowsOf(batches[0]).map(({ message }) => message),
    ['ok', ...lines.slice(1)],
  )
})

test('an object without a message is searched by its fields, and its message is itself', () => {
  const line = '{"user":"ann","ms":5}'
  const [row] = rows(line)
  assert.deepEqual([row!.message, row!.extras], [line, { fields: { user: 'ann', ms: 5 } }])
})

test('CRLF, empty lines, a byte order mark, and a last line without newline', () => {
  const body = '\ufeff{"msg":"one"}\r\n\r\n   \n{"msg":"two"} \r\n\t{"msg":"three"}'
  assert.deepEqual(
    rows(body).map(({ message }) => message),
    ['one', 'two', 'three'],
  )
  assert.deepEqual(rows('\n\n\r\n'), [])
  assert.deepEqual(rows(''), [])
})

test('keys twice, keys of prototypes, keys with escapes', () => {
  const twice = rows('{"msg":"a","level":"info","msg":"b","x":1,"level":"strange","x":2}')
  assert.deepEqual(
    twice.map(({ message, severity, extras }) => [message, severity, extras]),
    [['b', 9, { fields: { msg: 'a', level: 'strange', x: repeat(1, 2) } }]],
  )
  const proto = rows('{"__proto__":{"polluted":1},"constructor":2,"msg":"m"}')[0]!.extras as { fields: object }
  assert.deepEqual(Object.getOwnPropertyNames(proto.fields), ['__proto__', 'constructor'])
  assert.equal(({} as { polluted?: number }).polluted, undefined)
  assert.equal(rows(String.raw`{"m\u0073g":"escaped","\n":1}`)[0]!.message, 'escaped')
})

test('messages are unescaped, as the text they are', () => {
  const text = 'two\nlines "quoted" \\ \u001b[31mred ünï 📸 \u2028 end'
  const body = [
    JSON.stringify({ msg: text }),
    JSON.stringify({ msg: text, a: 1 }),
    String.raw`{"msg":"\ud83d\ude00 \ud800 \u00e9\/"}`,
  ]
  assert.deepEqual(
    rows(body.join('\n')).map(({ message }) => message),
    [text, text, '😀 \ufffd é/'],
  )
})

test('bytes that are not UTF-8 are kept', () => {
  const bad = Buffer.concat([
    Buffer.from('{"msg":"ok"}\n{"msg":"b'),
    Buffer.from([0xff]),
    Buffer.from('d","x":1}\ntext '),
    Buffer.from([0xc3]),
    Buffer.from('\n{"msg":"good ü"}'),
  ])
  const [first, second, third, fourth] = rows(bad)
  assert.deepEqual([first!.message, first!.extras], ['ok', undefined])
  const original = Buffer.concat([Buffer.from('{"msg":"b'), Buffer.from([0xff]), Buffer.from('d","x":1}')]).toString(
    'base64',
  )
  assert.deepEqual([second!.message, second!.extras], ['b\ufffdd', { fields: { x: 1, 'logboom.bytes': original } }])
  assert.deepEqual([third!.message, third!.extras], ['text \ufffd', { fields: { 'logboom.bytes': 'dGV4dCDD' } }])
  assert.deepEqual([fourth!.message, fourth!.extras], ['good ü', undefined])
})

test('what is too long or too deep for a record is text, in marked fragments when it must be', () => {
  const deep = `{"msg":"m","a":${'['.repeat(60)}${']'.repeat(60)}}`
  assert.deepEqual([rows(deep)[0]!.message, read(deep).malformed], [deep, 1])
  const long = JSON.stringify({ msg: 'ü'.repeat(700_000) })
  const parts = readInParts(`${long}\n{"msg":"next"}`, 'ndjson', () => ({ mostBytes: 4e6, mostRecords: 9 })).rows
  assert.equal(parts.length, 3)
  assert.equal(
    parts
      .slice(0, 2)
      .map(({ message }) => message)
      .join(''),
    long,
  )
  assert.deepEqual(
    parts.map(({ extras }) => extras),
    [
      { fields: { 'logboom.fragment': 1 } },
      { fields: { 'logboom.fragment': 2, 'logboom.lastFragment': true } },
      undefined,
    ],
  )
})

test('records name their source where they may', () => {
  const lines = [
    '{"source":"a","msg":"1"}',
    '{"service":"b","msg":"2"}',
    '{"msg":"3"}',
    '{"source":"forbidden","service":"a","msg":"4"}',
    '{"source":5,"msg":"5"}',
    '{"service":"c","source":"a","msg":"6"}',
    '{"source":"shop","msg":"7"}',
  ]
  const found = (mayName?: (name: string) => boolean) =>
    read(lines.join('\n'), 'ndjson', mayName).batches.map((batch) => [
      batch.source,
      rowsOf(batch).map(({ message, extras }) => [message, (extras as { fields?: object } | undefined)?.fields]),
    ])
  assert.deepEqual(
    found((name) => name !== 'forbidden'),
    [
      [
        'shop',
        [
          ['3', undefined],
          ['5', { source: 5 }],
          ['7', undefined],
        ],
      ],
      [
        'a',
        [
          ['1', undefined],
          ['4', { source: 'forbidden' }],
          ['6', { service: 'c' }],
        ],
      ],
      ['b', [['2', undefined]]],
    ],
  )
  assert.deepEqual(
    found().map(([source, list]) => [source, list!.length]),
    [['shop', 7]],
  )
})

test('whole JSON: a list, one object, several', () => {
  const list = JSON.stringify([{ msg: 'a', x: [1, { y: 2 }] }, { msg: 'b\nc' }, 'text', 7], undefined, 2)
  const expected = ['a', 'b\nc', '"text"', '7']
  assert.deepEqual([rows(list, 'json').map(({ message }) => message), read(list, 'json').malformed], [expected, 2])
  assert.deepEqual(rows(list, 'json')[0]!.extras, { fields: { x: [1, { y: 2 }] } })
  assert.deepEqual(rows('[]', 'json'), [])
  assert.deepEqual(
    rows(' {"msg":"a"}\n{"msg":"b"} ', 'json').map(({ message }) => message),
    ['a', 'b'],
  )
  for (const wrong of [
    '[{"msg":"a"}',
    '[{"msg":"a"},]',
    '{"msg":',
    '[1] x',
    'text',
    '[,]',
    Buffer.from([0x22, 0xff, 0x22]),
  ])
    assert.throws(() => read(wrong, 'json'), { code: 'request-invalid' }, String(wrong))
})

test('plain text: a record a line, whatever is in it', () => {
  const { batches, malformed } = read('one\n\n{"msg":"json"}\r\n  last', 'text')
  assert.deepEqual(
    [rowsOf(batches[0]).map(({ message }) => message), malformed],
    [['one', '', '{"msg":"json"}', '  last'], 0],
  )
})

test('names of sources are the same in every body, whatever their order and however they are written', () => {
  const sourcesOf = (...lines: string[]): [string, string[]][] =>
    read(lines.join('\n'), 'ndjson', (name) => name !== 'taken').batches.map((batch): [string, string[]] => [
      batch.source,
      rowsOf(batch).map(({ message }) => message),
    ])
  const line = (name: string, msg: string): string => `{"service":${name},"msg":"${msg}"}`
  assert.deepEqual(sourcesOf(line('"a"', '1'), line('"b"', '2'), line('"a"', '3')), [
    ['a', ['1', '3']],
    ['b', ['2']],
  ])
  assert.deepEqual(sourcesOf(line('"b"', '1'), line('"\\u0061"', '2'), line('"taken"', '3'), line('"a"', '4')), [
    ['shop', ['3']],
    ['b', ['1']],
    ['a', ['2', '4']],
  ])
  const many = Array.from({ length: 5000 }, (_, n) => line(`"n${n}"`, `${n}`))
  for (const lines of [many, many.toReversed()])
    assert.ok(sourcesOf(...lines).every(([source, messages]) => messages.length === 1 && source === `n${messages[0]}`))
})

test('numbers and keys that repeat are no level of nesting, whichever way a line is read', () => {
  for (const key of ['msg', String.raw`\u006dsg`])
    for (const value of ['1.0', '1.0,"k":2'])
      for (const depth of [48, 49]) {
        const [row] = rows(`{"${key}":"m","v":${'['.repeat(depth)}{"k":${value}}${']'.repeat(depth)}}`)
        assert.equal(row!.message === 'm', depth === 48, `${key} ${value} ${depth}`)
      }
})
