// What queries mean, as trees, and where their mistakes are.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogboomError } from '../errors.ts'
import { parseQuery } from './parse-query.ts'
import type { Condition, Query } from './syntax-tree.ts'

const now = new Date(2025, 9, 19, 12, 0, 0).getTime()

/** A tree as a short text. */
function show(query: Query): string {
  switch (query.type) {
    case 'all':
      return 'all'
    case 'not':
      return `not ${show(query.item)}`
    case 'condition':
      return showCondition(query.condition)
    default:
      return `(${query.items.map(show).join(` ${query.type} `)})`
  }
}

function showCondition(condition: Condition): string {
  switch (condition.verb) {
    case 'text':
      return `${condition.messageOnly ? 'message' : condition.whole ? 'whole' : 'text'}<${condition.text}>`
    case 'regexp':
      return `${condition.field ?? ''}/${condition.pattern}/`
    case 'field':
      return `${condition.name}${condition.operator}${condition.value.text}${condition.value.wildcard ? ' wild' : ''}`
    case 'has':
      return `has ${condition.name}`
    case 'source':
    case 'session':
    case 'logger':
      return `${condition.verb} ${condition.value.text}${condition.value.wildcard ? ' wild' : ''}`
    case 'stream':
      return condition.stream
    case 'kind':
      return condition.kind
    default:
      return `${condition.verb} ${condition.from ?? ''}..${condition.to ?? ''}`
  }
}

const meanings: [query: string, meaning: string][] = [
  ['', 'all'],
  ['  \t ', 'all'],
  ['*', 'all'],
  ['connection refused', '(text<connection> and text<refused>)'],
  ['connection AND refused', '(text<connection> and text<refused>)'],
  ['"connection refused"', 'text<connection refused>'],
  ['"say \\"hi\\" to C:\\temp \\\\"', 'text<say "hi" to C:\\temp \\>'],
  ['not found or and', '(text<not> and text<found> and text<or> and text<and>)'],
  ['a OR b c', '(text<a> or (text<b> and text<c>))'],
  ['(a OR b) c', '((text<a> or text<b>) and text<c>)'],
  ['(a OR b) AND NOT c', '((text<a> or text<b>) and not text<c>)'],
  ['a OR (b OR c)', '(text<a> or text<b> or text<c>)'],
  ['-health', 'not text<health>'],
  ['- x', '(text<-> and text<x>)'],
  ['--port', 'text<--port>'],
  ['NOT NOT x', 'text<x>'],
  ['-(a b)', 'not (text<a> and text<b>)'],
  ['-level:debug', 'not level 5..8'],
  ['time*', 'text<time>'],
  ['level:error', 'level 17..20'],
  ['LEVEL:Error', 'level 17..20'],
  ['level=warn', 'level 13..16'],
  ['level>=warning', 'level 13..24'],
  ['level>warning', 'level 17..24'],
  ['level<=info', 'level 0..12'],
  ['level<info', 'level 0..8'],
  ['level:>=warning', 'level 13..24'],
  ['level!=info', 'not level 9..12'],
  ['severity:17', 'level 17..17'],
  ['level:(error OR critical)', '(level 17..20 or level 21..24)'],
  ['source:(web -worker)', '(source web and not source worker)'],
  ['source:game_*', 'source game_* wild'],
  ['source:"game_*"', 'source game_*'],
  ['source!=web', 'not source web'],
  ['source:/^w/', 'source/^w/'],
  ['stream:stderr', 'stderr'],
  ['kind:AUDIT', 'audit'],
  ['logger:audit.*', 'logger audit.* wild'],
  ['run:3', 'run 3..3'],
  ['run>3', `run 4..${Number.MAX_SAFE_INTEGER}`],
  ['session:*2025*', 'session *2025* wild'],
  ['has:traceId', 'has traceId'],
  ['message:time', 'message<time>'],
  ['message:/^GET/', 'message/^GET/'],
  ['since:15m', `time ${now - 15 * 60_000}..`],
  ['since:1h30m until:10m', `(time ${now - 90 * 60_000}.. and time ..${now - 600_000})`],
  ['until:2025-10-19', `time ..${new Date(2025, 9, 19).getTime()}`],
  ['since:"2025-10-19 05:55:47.606"', `time ${new Date(2025, 9, 19, 5, 55, 47, 606).getTime()}..`],
  ['since:2025-10-19T05:55:47Z', `time ${Date.UTC(2025, 9, 19, 5, 55, 47)}..`],
  ['since:05:47', `time ${new Date(2025, 9, 19, 5, 47).getTime()}..`],
  ['user.id:42', '(user.id=42 or whole<user.id:42>)'],
  ['user.id="42"', 'user.id=42'],
  ['user.id!=42', 'not user.id=42'],
  ['duration_ms>250', 'duration_ms>250'],
  ['duration_ms:<=250', 'duration_ms<=250'],
  ['path:/api/*', 'path=/api/* wild'],
  ['path:/^.api/', 'path/^.api/'],
  ['fields.level:high', '(fields.level=high or whole<fields.level:high>)'],
  ['/time(d )?out/', '/time(d )?out/'],
  ['/a b/ c', '(/a b/ and text<c>)'],
  ['/a\\/b/', '/a\\/b/'],
  // What people paste stays what it is.
  ['/usr/bin', 'text</usr/bin>'],
  ['/api/v1/users', 'text</api/v1/users>'],
  ['http://localhost:3000/x', 'text<http://localhost:3000/x>'],
  ['10.0.0.1:5432', 'text<10.0.0.1:5432>'],
  ['localhost:3000', '(localhost=3000 or whole<localhost:3000>)'],
  ['TypeError: x', '(text<TypeError:> and text<x>)'],
  ['12:30:45', 'text<12:30:45>'],
  ['foo() bar(1)', '(text<foo()> and text<bar(1)>)'],
  ['(foo() bar)', '(text<foo()> and text<bar>)'],
  ['a->b', 'text<a->b>'],
  ['[error]', 'text<[error]>'],
  ["it's", "text<it's>"],
]

for (const [query, meaning] of meanings) {
  test(`${query} means ${meaning}`, () => assert.equal(show(parseQuery(query, { now })), meaning))
}

test('the tree is plain JSON', () => {
  const tree = parseQuery('a (b OR -c) level>=warning since:1h /x/ user.id:42', { now })
  assert.deepEqual(JSON.parse(JSON.stringify(tree)), tree)
})

const mistakes: [query: string, at: string, says: RegExp, hint: RegExp][] = [
  ['level:loud', 'loud', /loud is not a level/, /trace, debug/],
  ['a level>= b', '', /A level is missing after level>=/, /level>=warning/],
  ['stream:stdin', 'stdin', /no stream stdin/, /stream:stderr/],
  ['kind:x', 'x', /no kind x/, /kind:audit/],
  ['run:x', 'x', /not the number of a run/, /run:3/],
  ['source>web', 'source>web', /source has no order/, /source:value/],
  ['source: web', 'source:', /A name is missing/, /source:api/],
  ['since:noon', 'noon', /noon is not a time/, /15m/],
  ['since:2025-02-30', '2025-02-30', /is not a time/, /15m/],
  ['has:', 'has:', /missing after has:/, /has:traceId/],
  ['x "abc', '"abc', /never closed/, /"/],
  ['(a OR b', '(', /never closed/, /\)/],
  ['a )', ')', /closes nothing/, /Remove/],
  ['()', ')', /nothing in front/, /Remove/],
  ['a OR', 'OR', /missing after OR/, /"OR"/],
  ['AND a', 'AND', /missing before AND/, /"AND"/],
  ['a NOT', 'NOT', /missing after NOT/, /"NOT"/],
  ['b /a(/', '/a(/', /no regular expression/, /quotes/],
  ['x:/(?=a)/', '/(?=a)/', /no regular expression/, /look-around/],
  ['duration>', 'duration>', /A value is missing/, /without a space/],
  ['pattern:12', 'pattern:12', /not possible yet/, /fields.pattern/],
]

for (const [query, at, says, hint] of mistakes) {
  test(`${query} is refused`, () => {
    assert.throws(
      () => parseQuery(query, { now }),
      (error: unknown) => {
        assert.ok(error instanceof LogboomError)
        assert.equal(error.code, 'query-invalid')
        assert.match(error.message, says)
        assert.match(error.hint, hint)
        assert.equal(query.slice(error.position!.from, error.position!.to), at)
        return true
      },
    )
  })
}

test('what is far too large is refused, not tried', () => {
  for (const query of [
    '('.repeat(5000),
    'x '.repeat(6000),
    `/${'a'.repeat(2000)}/`,
    `${'('.repeat(101)}a${')'.repeat(101)}`,
  ]) {
    assert.throws(() => parseQuery(query, { now }), { code: 'query-invalid' })
  }
})
