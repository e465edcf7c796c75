// Children that get away, by a group or session of their own or as daemons, without our environment and our output: a stop
// ends them all, also by a hub that has not seen them start, and when the process that started them is gone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requireTool } from '../../../scripts/ensure-system.ts'
import { surviveEscapes } from './survive-escapes.ts'

const tools = requireTool('python3')

test('twelve ways to get away, and a hub that is killed', tools, async () => {
  assert.equal(await surviveEscapes({ orphaned: false, silent: false, kills: 1 }), 12)
})

test('those who are silent, when the process itself is gone before', tools, async () => {
  assert.equal(await surviveEscapes({ orphaned: true, silent: true, kills: 1 }), 6)
})
