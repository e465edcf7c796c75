// Whatever somebody types or pastes is understood or refused with a place in the text and advice, and at once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hints, LogboomError } from '../contracts/errors.ts'
import { batchOf } from './batch-harness.ts'
import { compileQuery, matchRows } from './match/compile-query.ts'
import { parseQuery } from './language/parse-query.ts'
import { planQuery } from './plan/plan-query.ts'
import { randomQuery, seededRandom, type Random } from './random-query-harness.ts'

const random = seededRandom(20251103)
const pieces = [
  '"', '\\', '(', ')', ' ', '-', '/', ':', '=', '>', '<', '!', '*', '..', '.', '[', ']', '{', '}', '+', '?', '|', '^', '$',
  'AND', 'OR', 'NOT', 'level', 'time', 'since', 'run', 'id', 'has', 'template', 'kind', 'error', 'web', 'TO', '15m', '42',
  '2025-10-19', '3fa2', 'é', '🎉', '\ud83c', '\u0000', '\n', '\u2028', '\ufeff', '\\y', '(?=', '(?P<n>', '\\p{', '{2,1}',
] // oxfmt-ignore

const anything = (count: number): string =>
  Array.from({ length: random(count) }, () => pieces[random(pieces.length)]).join('')

/** A valid query with something cut out, doubled or put in. */
function damaged(query: string, random: Random): string {
  const at = random(query.length + 1)
  const end = at + random(6)
  return query.slice(0, at) + (random(2) ? anything(3) : '') + query.slice(random(2) ? at : end)
}

function check(text: string): boolean {
  try {
    const query = parseQuery(text, { now: 1_760_875_200_000 })
    planQuery(query)
    matchRows(batch, compileQuery(query))
    return true
  } catch (error) {
    const shown = JSON.stringify(text.slice(0, 200))
    assert.ok(error instanceof LogboomError, `${shown}: ${String(error)}`)
    assert.equal(error.code, 'query-invalid', shown)
    const { from, to } = error.position!
    assert.ok(0 <= from && from <= to && to <= text.length && from < Math.max(1, to + 1), `${shown}: ${from}-${to}`)
    assert.notEqual(error.hint, hints['query-invalid'], `${shown}: ${error.message} has no hint of its own`)
    // What is quoted is what was typed; the rest is words, never the parser's.
    assert.doesNotMatch(error.message.replace(text.slice(from, to), ''), /\b(OPEN|CLOSE|END|WORD|undefined)\b/, shown)
    return false
  }
}

const batch = batchOf([
  { message: 'request 42 failed: timeout', fields: { user: { id: 42 }, time: 3 }, logger: 'http' },
  { message: '' },
])

test('any text is understood or refused in its place', () => {
  let understood = 0
  for (let round = 0; round < 6000; round++) if (check(anything(14))) understood++
  assert.ok(understood > 500 && understood < 5500, `${understood} understood`)
})

test('a valid query that is damaged is understood or refused in its place', () => {
  for (let round = 0; round < 4000; round++) check(damaged(randomQuery(random), random))
})

test('queries as long as may be are no different', () => {
  for (const piece of pieces) {
    const times = Math.floor(10_000 / piece.length)
    check(piece.repeat(times))
    check(`${piece} `.repeat(Math.floor(10_000 / (piece.length + 1))))
    check(`x:${piece.repeat(times - 2)}`)
  }
  check('a*b'.repeat(3333))
  check('NOT '.repeat(2500))
  check('a OR b '.repeat(1400))
  check('/a/ '.repeat(2500))
  check(`${'('.repeat(100)}a${')'.repeat(100)}`.repeat(40))
})
