// What an editor offers: `|` is the cursor, brackets are what would be replaced.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { completeQuery } from './complete.ts'
import { parseQuery } from './parse-query.ts'
import { seededRandom } from '../random-query-harness.ts'
import { formatValue } from './tokens.ts'
import { verbs } from '../verbs/index.ts'

const cases: [query: string, replaced: string, wants: string, offers: string[]][] = [
  ['|', '', 'name <>', ['level:', 'source:', 'since:', 'traceId:', 'NOT']],
  ['lev|', 'lev', 'name <lev>', ['level:']],
  ['LEV|', 'LEV', 'name <LEV>', ['level:']],
  ['x lev|el:error', 'level', 'name <lev>', ['level']],
  ['x lev|el', 'level', 'name <lev>', ['level:']],
  ['-sour|', 'sour', 'name <sour>', ['source:']],
  ['(sour|)', 'sour', 'name <sour>', ['source:']],
  ['timeout |', '', 'name <>', ['level:', 'AND', 'OR', 'NOT']],
  ['timeout a|', 'a', 'name <a>', ['AND']],
  ['a|', 'a', 'name <a>', []],
  ['timeout AND o|', 'o', 'name <o>', []],
  ['timeout AND NO|', 'NO', 'name <NO>', ['NOT']],
  ['timeout AND|', 'AND', 'name <AND>', ['AND']],
  ['timeout NOT|', 'NOT', 'name <NOT>', ['NOT']],
  ['timeout AND |', '', 'name <>', ['source:', 'NOT']],
  ['(|', '', 'name <>', ['source:', 'NOT']],
  ['level:|', '', 'value level <>', ['trace', 'debug', 'info', 'warning', 'error', 'critical']],
  ['level>=w|', 'w', 'value level <w>', ['warning']],
  ['level:err| x', 'err', 'value level <err>', ['error']],
  ['level:e|rror x', 'error', 'value level <e>', ['error']],
  ['level:info..e|', 'e', 'value level <e>', ['error']],
  ['level:(info OR |)', '', 'value level <>', ['trace', 'debug', 'info', 'warning', 'error', 'critical']],
  ['level:(info OR e|)', 'e', 'value level <e>', ['error']],
  ['level:(info) e|', 'e', 'name <e>', []],
  ['stream:std|', 'std', 'value stream <std>', ['stdout', 'stderr']],
  ['kind:|', '', 'value kind <>', ['system', 'audit', 'event', 'gap']],
  ['since:1|', '1', 'value since <1>', ['15m', '1h', '1d']],
  ['trac|', 'trac', 'name <trac>', ['traceId:', 'trace.id:']],
  ['log.|', 'log.', 'name <log.>', ['log.logger:']],
  ['has:tr|', 'tr', 'value has <tr>', ['traceId', 'trace.id']],
  ['user.name:a|', 'a', 'value user.name <a>', []],
  ['source:"my a|', '"my a', 'value source <my a>', []],
  ['source:"my a|pp" x', '"my app"', 'value source <my a>', []],
  ['source:("my a|', '"my a', 'value source <my a>', []],
  ['file:a..b|', 'a..b', 'value file <a..b>', []],
  ['"connection ref|', '"connection ref', 'word <connection ref>', []],
  ['"connection refused"|', '', 'nothing', []],
  ['source:"web"|', '', 'nothing', []],
  ['/time/|', '', 'nothing', []],
  ['port:/8./|', '', 'nothing', []],
  ['(a)|', '', 'nothing', []],
  [') lev|', 'lev', 'name <lev>', ['level:']],
]

for (const [marked, replaced, wants, offers] of cases) {
  test(`${marked} wants ${wants}`, () => {
    const cursor = marked.indexOf('|')
    const text = marked.replace('|', '')
    const completion = completeQuery(text, cursor)
    const { type, ...rest } = completion.wants
    const shown = [type, ...('name' in rest ? [rest.name] : []), ...('prefix' in rest ? [`<${rest.prefix}>`] : [])]
    assert.equal(shown.join(' '), wants)
    assert.equal(text.slice(completion.from, completion.to), replaced)
    const offered = completion.suggestions.map((suggestion) => suggestion.text)
    if (offers.length > 0)
      assert.deepEqual(offers.filter((each) => !offered.includes(each)), [], offered.join(' ')) // oxfmt-ignore
    else assert.deepEqual(offered, [])
  })
}

test('every name says what it is, and every value that is offered is understood', () => {
  for (const { text, kind, detail } of completeQuery('', 0).suggestions) {
    if (kind === 'keyword') continue
    assert.ok(detail, text)
    for (const value of completeQuery(text).suggestions) parseQuery(`${text}${value.text}`)
  }
  const names = verbs.flatMap((verb) => verb.names)
  const offered = new Set(completeQuery('').suggestions.map(({ text }) => text))
  assert.deepEqual(
    names.filter((name) => !offered.has(`${name}:`)),
    [],
  )
})

test('a value is written so that it is read as what it is', () => {
  const values = [
    'web',
    'my app',
    'a"b',
    'C:\\x',
    '\\',
    'a*',
    '',
    '-x',
    '/x/',
    '>5',
    '=',
    '1..2',
    'AND',
    'foo()',
    'é',
    ':',
    'a:b',
  ]
  for (const value of values) {
    const expected = { verb: 'field', name: 'name', operator: '=', value: { text: value, wildcard: false } }
    for (const query of [`name=${formatValue(value)}`, `name:(${formatValue(value)})`]) {
      const parsed = parseQuery(query)
      const condition = parsed.type === 'or' ? parsed.items[0] : parsed
      assert.deepEqual(condition, { type: 'condition', condition: expected }, query)
    }
  }
})

test('anything may be completed anywhere', () => {
  const random = seededRandom(1)
  const pieces = [
    'level',
    ':',
    '>=',
    '"',
    '\\',
    '(',
    ')',
    ' ',
    'AND',
    'NOT',
    '-',
    '/',
    '..',
    'time',
    'é',
    '🎉',
    'x',
    '=',
    '*',
  ]
  for (let round = 0; round < 5000; round++) {
    const text = Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join('')
    const cursor = random(text.length + 1)
    const { from, to, wants } = completeQuery(text, cursor)
    assert.ok(0 <= from && from <= cursor && cursor <= to && to <= text.length, `${text} at ${cursor}: ${from}-${to}`)
    if ('prefix' in wants && from > 0) assert.ok(wants.prefix.length <= cursor - from, text)
  }
})
