// Crash loops under hubs that are killed: every life of a process is a run of its own, with all its lines, and its end.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { surviveCrashes } from './survive-crashes.ts'

test('a process that crashes 50 times, under a hub that is killed 5 times', async (t) => {
  const lives = (['ready', 'launch', 'ready', 'launch', 'ready'] as const).map((after) => {
    return { after, ms: Math.random() * 800 }
  })
  const { runs, unseen } = await surviveCrashes({ processes: 1, crashes: 50, lives })
  t.diagnostic(`${runs} runs, ${unseen} ends unseen`)
  assert.ok(runs >= 50)
})
