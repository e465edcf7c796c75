import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunExit } from '../contracts/source-status.ts'
import { decideRestart, noHistory, type RestartRules } from './restart-policy.ts'

const rules: RestartRules = {
  restart: 'on-failure',
  backoff: { initialMs: 500, maxMs: 30_000 },
  crashLoop: { exits: 5, withinMs: 60_000 },
}
const failed = (at: number): RunExit => ({ code: 1, signal: null, at, known: true })
/** Chance that neither lengthens nor shortens. */
const even = 0.5

test('each policy restarts what it says', () => {
  const exits: Record<string, RunExit> = {
    ok: { code: 0, signal: null, at: 0, known: true },
    failed: failed(0),
    killed: { code: null, signal: 'SIGKILL', at: 0, known: true },
    unseen: { code: null, signal: null, at: 0, known: false },
  }
  const restarted = (restart: RestartRules['restart']) =>
    Object.keys(exits).filter((name) => decideRestart({ ...rules, restart }, noHistory, exits[name]!, 0, 0).delayMs)
  assert.deepEqual(restarted('always'), ['ok', 'failed', 'killed', 'unseen'])
  assert.deepEqual(restarted('on-failure'), ['failed', 'killed', 'unseen'])
  assert.deepEqual(restarted('never'), [])
})

test('waits double, then become a crash loop at the longest wait, which only a long life ends', () => {
  let history = noHistory
  const delays: unknown[] = []
  let at = 0
  for (let life = 0; life < 6; life++) {
    const decision = decideRestart(rules, history, failed((at += 1000)), 10, even)
    history = decision.history
    delays.push(decision.delayMs)
  }
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 30_000, 30_000])
  assert.equal(history.looping, true)
  const later = decideRestart(rules, history, failed(at + 500_000), 29_000, even)
  assert.deepEqual([later.delayMs, later.history.looping], [30_000, true])
  const well = decideRestart(rules, history, failed(at + 500_000), 30_000, even)
  assert.deepEqual([well.delayMs, well.history.looping], [500, false])
})

test('exits far apart are no crash loop, and the wait has its limit', () => {
  let history = noHistory
  let delayMs: number | undefined = 0
  for (let life = 1; life < 12; life++)
    ({ history, delayMs } = decideRestart(rules, history, failed(life * 20_000), 10, even))
  assert.deepEqual([history.looping, delayMs], [false, 30_000])
})

test('chance spreads the wait by a fifth to either side', () => {
  assert.equal(decideRestart(rules, noHistory, failed(0), 0, 0).delayMs, 400)
  assert.equal(decideRestart(rules, noHistory, failed(0), 0, 1).delayMs, 600)
})
