import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backOffMs, nextStep, type Answer, type Step } from './next-step.ts'

const now = Date.parse('2025-10-19T05:55:47Z')
const stepOf = (answer: Answer, failures = 0): Step => nextStep(answer, { failures, chance: 0, now })

test('each answer of a hub has its step', () => {
  const cases: [Answer, Step['do'], waitMs?: number][] = [
    [{ status: 200 }, 'next'],
    [{}, 'wait', 1000],
    [{ status: 503 }, 'wait', 1000],
    [{ status: 507 }, 'wait', 1000],
    [{ status: 408 }, 'wait', 1000],
    [{ status: 429, retryAfter: '7' }, 'wait', 7000],
    [{ status: 503, retryAfter: 'Sun, 19 Oct 2025 05:55:52 GMT' }, 'wait', 5000],
    [{ status: 503, retryAfter: 'soon' }, 'wait', 1000],
    [{ status: 503, retryAfter: '99999' }, 'wait', 600_000],
    [{ status: 413 }, 'halve'],
    [{ status: 409, code: 'batch-differs' }, 'set-aside'],
    [{ status: 409, code: 'already-there' }, 'wait', 30_000],
    [{ status: 400 }, 'wait', 30_000],
    [{ status: 401 }, 'wait', 30_000],
    [{ status: 403 }, 'wait', 30_000],
    [{ status: 302 }, 'wait', 30_000],
  ]
  for (const [answer, expected, waitMs] of cases) {
    const step = stepOf(answer)
    assert.deepEqual(
      [step.do, step.do === 'wait' ? step.waitMs : undefined],
      [expected, waitMs],
      JSON.stringify(answer),
    )
  }
})

test('a refusal is told with a hint, trouble that passes is not', () => {
  for (const status of [400, 401, 403, 404, 405]) {
    const step = stepOf({ status, message: 'Not so.' })
    assert.match(step.do === 'wait' ? (step.tell ?? '') : '', new RegExp(`status ${status}: Not so\\. [A-Z].*\\.$`))
  }
  for (const answer of [{}, { status: 503 }, { status: 429 }]) assert.ok(!('tell' in stepOf(answer)))
})

test('attempts come at 1, 2, 4 … 30 seconds, less up to a half', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 1000].map((failures) => backOffMs(failures, 0)),
    [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000],
  )
  assert.equal(backOffMs(1, 1), 1000)
})
