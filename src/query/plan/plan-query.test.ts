// What plans say, and that they rather say too little: the proof that they exclude no match is in random-queries.test.ts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseQuery } from '../language/parse-query.ts'
import { mayMatch } from './dimensions.ts'
import type { Extent, Plan } from './plan.ts'
import { planQuery } from './plan-query.ts'
import { linearRegExp } from '../match/regular-expression.ts'
import { requiredText } from './required-text.ts'

const pattern = (text: string, wildcard = false) => ({ text, wildcard })

const plans: [query: string, plan: Plan][] = [
  ['', {}],
  ['Timeout', { words: ['timeout'] }],
  ['a "b C"', { words: ['a', 'b c'] }],
  ['a OR b', { anyWords: [['a', 'b']] }],
  [
    '(a OR b) (timed out OR refused)',
    {
      anyWords: [
        ['a', 'b'],
        ['timed', 'refused'],
      ],
    },
  ],
  ['a OR (level:error b)', { anyWords: [['a', 'b']] }],
  ['a OR level:error', {}],
  ['a OR b OR ab', { anyWords: [['a', 'b']] }],
  ['time OR timeout', { words: ['time'] }],
  ['-a', {}],
  ['a -level:debug', { words: ['a'] }],
  ['level:error', { severityFrom: 17, severityTo: 20 }],
  ['level>=warning level<=error', { severityFrom: 13, severityTo: 20 }],
  ['level:debug OR level:error', { severityFrom: 5, severityTo: 20 }],
  ['source:a* (x OR y)', { sources: [pattern('a*', true)], anyWords: [['x', 'y']] }],
  ['source:a OR source:b', { sources: [pattern('a'), pattern('b')] }],
  ['source:a OR x', {}],
  ['stream:stderr kind:audit', { streams: ['stderr'], kinds: ['audit'] }],
  ['kind:audit kind:gap', { kinds: [] }],
  ['run:2 OR run:5', { runFrom: 2, runTo: 5 }],
  ['session:s1', { sessions: [pattern('s1')] }],
  ['since:2025-10-19T00:00:00Z', { timeFrom: Date.UTC(2025, 9, 19) }],
  ['user:bob', { words: ['bob'] }],
  ['user:42', { words: ['42'], numberWords: ['42'] }],
  ['user="42"', { words: ['42'], numberWords: ['42'], fields: [['user']] }],
  ['user="42.0"', { words: ['42'], numberWords: ['42'], fields: [['user']] }],
  ['user="4.2e1"', { fields: [['user']] }],
  ['user="1e400"', { fields: [['user']] }],
  ['user:b*ar*', { words: ['ar', 'b'], fields: [['user']] }],
  ['user.id>5', { fields: [['user.id', 'user']] }],
  ['fields.user:1..5', { fields: [['fields.user', 'fields', 'user']] }],
  ['has:a has:b.c', { fields: [['a'], ['b.c', 'b']] }],
  ['has:a OR (has:b has:c)', { fields: [['a', 'b']] }],
  ['has:traceId OR has:a', {}],
  ['traceId:0af7*', { words: ['0af7'] }],
  ['logger:*audit.*', { words: ['audit.'] }],
  ['id:5..9 id>6', { idFrom: 7, idTo: 9 }],
  ['template:3fa2* OR pattern:0123456789abcdef', { templates: ['3fa2', '0123456789abcdef'] }],
  ['template:"Took <*> in Zürich"', { templates: ['6f85b3870676cd79'], words: ['took '] }],
  ['/abc/', { words: ['abc'] }],
  ['path:/AB/', { words: ['ab'], fields: [['path']] }],
  ['source:/abc/', {}],
  ['/time(d )?out/', { words: ['time', 'out'] }],
  ['/refused|reset by/', { anyWords: [['refused', 'reset by']] }],
]

const required: [pattern: string, words: string[][]][] = [
  ['a.c', [['a'], ['c']]],
  ['x*y+z{2}w{0,3}', [['y'], ['z']]],
  ['ab(cd|ef)?gh', [['ab'], ['gh']]],
  ['(?i)Foo(?P<n>Bar)(?:baz)', [['foobarbaz']]],
  ['^GET .* 5\\d\\d$', [['get '], [' 5']]],
  ['\\bword\\b', [['word']]],
  ['(time|timeout) x', [['time'], [' x']]],
  ['(a|)b', [['b']]],
  ['a|b|.', []],
  ['[abc]d[]x]e[[:alpha:]\\]]f', [['d'], ['e'], ['f']]],
  ['naïve', [['na'], ['ve']]],
  ['\\x41\\101\\/\\.b', [['/.b']]],
  ['a{,5}', [['a{,5}']]],
  ['\\pLx\\p{Greek}y', [['x'], ['y']]],
  // Corners where a repetition means something else than what stands in front of it.
  ['\\Qab\\E*', []],
  ['ab(?s)*', []],
  ['(((((a)))))', [['a']]],
]

for (const [pattern, words] of required) {
  test(`/${pattern}/ requires ${JSON.stringify(words)}`, () => {
    linearRegExp(pattern)
    const found = requiredText(pattern)
    assert.deepEqual(new Set(found.map(String)), new Set(words.map(String)))
  })
}

for (const [query, plan] of plans) {
  test(`the plan of ${query || 'nothing'}`, () => assert.deepEqual(planQuery(parseQuery(query)), plan))
}

const skips: [query: string, extent: Extent, may: boolean][] = [
  ['source:web*', { sources: ['db', 'web-1'] }, true],
  ['source:web*', { sources: ['db'] }, false],
  ['source:web*', {}, true],
  ['level>=error', { severityFrom: 5, severityTo: 16 }, false],
  ['level>=error', { severityFrom: 5, severityTo: 17 }, true],
  ['level<info', { severityFrom: 9, severityTo: 24 }, false],
  ['stream:log', { streams: ['stdout', 'stderr'] }, false],
  ['kind:gap', { kinds: ['gap'] }, true],
  ['run:3', { runFrom: 4, runTo: 9 }, false],
  ['since:2025-10-19T00:00:00Z', { timeFrom: 0, timeTo: Date.UTC(2025, 9, 19) }, true],
  ['since:2025-10-19T00:00:00Z', { timeFrom: 0, timeTo: Date.UTC(2025, 9, 19) - 1 }, false],
  ['until:2025-10-19T00:00:00Z', { timeFrom: Date.UTC(2025, 9, 19), timeTo: Infinity }, false],
  ['has:user.id', { fields: ['user'] }, true],
  ['has:user.id', { fields: ['id'] }, false],
  ['has:a has:b', { fields: ['a', 'c'] }, false],
  ['id>=100', { idFrom: 1, idTo: 99 }, false],
  ['id>=100', { idFrom: 1, idTo: 100 }, true],
  ['template:3fa2*', { templates: ['0123456789abcdef', '3fa2456789abcdef'] }, true],
  ['template:3fa2*', { templates: ['0123456789abcdef'] }, false],
  ['until:2025-10-19T00:00:00Z', { timeFrom: Date.UTC(2025, 9, 19) - 1, timeTo: Infinity }, true],
]

for (const [query, extent, may] of skips) {
  test(`${query} ${may ? 'may be' : 'is not'} in ${JSON.stringify(extent)}`, () =>
    assert.equal(mayMatch(planQuery(parseQuery(query)), extent), may))
}
