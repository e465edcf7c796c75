import assert from 'node:assert/strict'
import { test } from 'node:test'
import { driveState } from './drive-state.ts'
import type { SupervisorAction } from './supervisor-state.ts'
import { now, standard, start, trouble } from './test-events.ts'

test('it rests when no order is left, also when a start came to nothing, and not before', async () => {
  const said: string[] = []
  const driver = driveState({
    rules: { ...standard, autostart: false },
    see: () => ({ now, chance: 0.5, isAlive: false }),
    perform: (action: SupervisorAction) => void said.push(action.do),
    changed: () => undefined,
    rested: () => void said.push('rested'),
  })
  const first = driver.order(start)
  const second = driver.order(start)
  driver.happened({ type: 'prepared', isAbandoned: false, error: trouble })
  await assert.rejects(first)
  assert.deepEqual(said, ['prepare', 'prepare'])
  driver.happened({ type: 'prepared', isAbandoned: false, error: trouble })
  await assert.rejects(second)
  assert.deepEqual(said, ['prepare', 'prepare', 'rested'])
})
