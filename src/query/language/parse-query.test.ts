// What queries mean, as trees, and where their mistakes are.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogboomError } from '../../contracts/errors.ts'
import { parseQuery } from './parse-query.ts'
import type { AnyCondition } from '../naive-match-harness.ts'
import type { Query } from './syntax-tree.ts'

const now = new Date(2025, 9, 19, 12, 0, 0).getTime()

/** A tree as a short text. */
function show(query: Query): string {
  switch (query.type) {
    case 'all':
      return 'all'
    case 'not':
      return `not ${show(query.item)}`
    case 'condition':
      return showCondition(query.condition as AnyCondition)
    default:
      return `(${query.items.map(show).join(` ${query.type} `)})`
  }
}

function showCondition(condition: AnyCondition): string {
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
    case 'service':
      return `service ${condition.value.text}`
    case 'template':
      return `template ${condition.id}${condition.text === undefined ? '' : ` <${condition.text}>`}`
    case 'range':
      return `${condition.name} ${condition.from ?? ''}..${condition.to ?? ''}`
    default:
      return `${condition.verb} ${condition.from ?? ''}..${condition.to ?? ''}`
  }
}

const local = (...at: [year: number, month: number, day: number, ...number[]]): number => new Date(...at).getTime()

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
  ['level:info..error', 'level 9..20'],
  ['level:warning..', 'level 13..24'],
  ['level:*..info', 'level 0..12'],
  ['level:13..17', 'level 13..17'],
  ['stream:stderr', 'stderr'],
  ['kind:AUDIT', 'audit'],
  ['logger:audit.*', 'logger audit.* wild'],
  ['run:3', 'run 3..3'],
  ['run>3', `run 4..${Number.MAX_SAFE_INTEGER}`],
  ['run:2..5', 'run 2..5'],
  ['run:..5', 'run 0..5'],
  ['run:(1 OR 3..)', `(run 1..1 or run 3..${Number.MAX_SAFE_INTEGER})`],
  ['id:123', 'id 123..123'],
  ['id>=100 id<200', `(id 100..${Number.MAX_SAFE_INTEGER} and id 0..199)`],
  ['seq:5..9', 'seq 5..9'],
  ['id:42a', '(id=42a or whole<id:42a>)'],
  ['id:5..x', '(id=5..x or whole<id:5..x>)'],
  ['id:/^4/', 'id/^4/'],
  ['seq!=x', 'not seq=x'],
  ['fields.id:42', '(fields.id=42 or whole<fields.id:42>)'],
  ['template:0123ABCD01234567', 'template 0123abcd01234567'],
  ['template:3fa2*', 'template 3fa2'],
  ['pattern:3fa2*', 'template 3fa2'],
  ['-template:(3fa2* OR 3fa3*)', 'not (template 3fa2 or template 3fa3)'],
  ['template:"connected to <*>"', 'template d5503e709a64b098 <connected to <*>>'],
  ['template:"connected to 10.0.0.1"', 'template d5503e709a64b098 <connected to <*>>'],
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
  ['time:15m', `time ${now - 15 * 60_000}..`],
  ['time>=15m', `time ${now - 15 * 60_000}..`],
  ['time<15m', `time ..${now - 15 * 60_000}`],
  ['time:2h..1h', `time ${now - 7_200_000}..${now - 3_600_000}`],
  ['time:2025-10-19', `time ${local(2025, 9, 19)}..${local(2025, 9, 20)}`],
  ['time:2025-10', `time ${local(2025, 9, 1)}..${local(2025, 10, 1)}`],
  ['time:2025-10-19..2025-10-20', `time ${local(2025, 9, 19)}..${local(2025, 9, 21)}`],
  ['time:2025-10-19T05', `time ${local(2025, 9, 19, 5)}..${local(2025, 9, 19, 6)}`],
  ['time>=2025-10-19T05:00', `time ${local(2025, 9, 19, 5)}..`],
  ['time>2025-10-19', `time ${local(2025, 9, 20)}..`],
  ['time<=2025-10-19', `time ..${local(2025, 9, 20)}`],
  ['time<2025-10-19', `time ..${local(2025, 9, 19)}`],
  ['time!=yesterday', `not time ${local(2025, 9, 18)}..${local(2025, 9, 19)}`],
  ['time:09:00..10:30', `time ${local(2025, 9, 19, 9)}..${local(2025, 9, 19, 10, 31)}`],
  ['time:09:00:05', `time ${local(2025, 9, 19, 9, 0, 5)}..${local(2025, 9, 19, 9, 0, 6)}`],
  ['time:"2025-10-19 05:47 .. 2025-10-19 05:48"', `time ${local(2025, 9, 19, 5, 47)}..${local(2025, 9, 19, 5, 49)}`],
  ['time:..today', `time ..${local(2025, 9, 20)}`],
  ['time:1760852147', 'time 1760852147000..1760852148000'],
  ['time:2025-10-19T05:55:47.6Z', `time ${Date.UTC(2025, 9, 19, 5, 55, 47, 600)}..${Date.UTC(2025, 9, 19, 5, 55, 47, 700)}`], // oxfmt-ignore
  ['time:2025-10-19T05:47+02:00', `time ${Date.UTC(2025, 9, 19, 3, 47)}..${Date.UTC(2025, 9, 19, 3, 48)}`],
  ['time=2025-12-31Z', `time ${Date.UTC(2025, 11, 31)}..${Date.UTC(2026, 0, 1)}`],
  ['duration_ms:100..200', 'duration_ms 100..200'],
  ['duration_ms:-1.5..', 'duration_ms -1.5..'],
  ['duration_ms:*..1e3', 'duration_ms ..1e3'],
  ['duration_ms!=100..200', 'not duration_ms 100..200'],
  ['tags:(1..2 OR 7)', '(tags 1..2 or tags=7)'],
  ['file:a..b', '(file=a..b or whole<file:a..b>)'],
  ['path:../x', '(path=../x or whole<path:../x>)'],
  ['x:..', '(x=.. or whole<x:..>)'],
  ['x:"1..2"', 'x=1..2'],
  ['a..b 1..2', '(text<a..b> and text<1..2>)'],
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
  ['since:-5m', '-5m', /-5m is not a time/, /^5m ago is written since:5m$/],
  ['until:+1h30m', '+1h30m', /is not a time/, /^1h30m ago is written until:1h30m$/],
  ['time>=-5m', '-5m', /-5m is not a time/, /^5m ago is written time>=5m$/],
  ['since:-tuesday', '-tuesday', /is not a time/, /15m/],
  ['has:', 'has:', /missing after has:/, /has:traceId/],
  ['x "abc', '"abc', /never closed/, /"/],
  ['(a OR b', '(', /never closed/, /\)/],
  ['a )', ')', /closes nothing/, /Remove/],
  ['x ()', '()', /nothing in these/, /Remove/],
  ['a AND (', '(', /never closed/, /behind it/],
  ['(a OR )', 'OR', /missing after OR/, /"OR"/],
  ['a AND OR b', 'OR', /missing before OR/, /"OR"/],
  ['-(x', '(', /never closed/, /\)/],
  ['a OR', 'OR', /missing after OR/, /"OR"/],
  ['AND a', 'AND', /missing before AND/, /"AND"/],
  ['a NOT', 'NOT', /missing after NOT/, /"NOT"/],
  ['b /a(/', '/a(/', /no regular expression: missing closing \)/, /quotes/],
  ['x:/b(?=a)/', '(?=', /no regular expression/, /look-around/],
  ['/a\\yb/', '\\y', /invalid escape/, /quotes/],
  ['/\\y\\y/', '/\\y\\y/', /invalid escape/, /quotes/],
  ['duration>', 'duration>', /A value is missing/, /without a space/],
  ['template:12*', '12*', /12\* is not the id of a template/, /template:3fa2\*/],
  ['pattern:ready', 'ready', /is not the id/, /pattern:"connected/],
  ['template:', 'template:', /missing after template:/, /3fa2/],
  ['template:/x/', '/x/', /is not the id/, /3fa2/],
  ['template>3fa2*', 'template>3fa2*', /no order/, /template:value/],
  ['run:1..x', 'x', /x is not the number/, /run:2\.\.4/],
  ['run:5..4', '5..4', /ends before it begins/, /run:4\.\.5/],
  ['x:2..1', '2..1', /ends before it begins/, /x:1\.\.2/],
  ['time:yesterday..2d', 'yesterday..2d', /ends before it begins/, /time:2d\.\.yesterday/],
  ['time:later', 'later', /later is not a time/, /15m/],
  ['time>', '', /A time is missing after time>/, /15m/],
  ['ms:[100 TO 200] x', '[100 TO 200]', /without brackets/, /ms:100\.\.200/],
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
