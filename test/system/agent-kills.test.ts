// Agent and hub killed, the way between them cut, answers lost: the hub has every line once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { surviveAgentKills, type Blow } from './survive-agent-kills.ts'

test('5,000 lines/s through kills of agent and hub, cuts and lost answers: the hub has every number once', async (t) => {
  const order: Blow[] = ['agent', 'cut', 'lost-answer', 'hub', 'lost-answer', 'both']
  const blows = order.map((what) => ({ what, afterMs: 200 + Math.random() * 600 }))
  const { lines, cuts } = await surviveAgentKills({ perSecond: 5000, blows })
  t.diagnostic(`${lines} lines, ${cuts} connections cut`)
  assert.ok(lines > 10_000)
})
