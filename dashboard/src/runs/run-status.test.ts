import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statusLook } from './run-status.ts'

const cases: [status: string, isOver: boolean, label: string, tone: string, isBusy: boolean][] = [
  ['RUNNING', false, 'Running', 'busy', true],
  ['PENDING', false, 'Pending', 'busy', false],
  ['COMPLETED', true, 'Completed', 'good', false],
  ['FAILED', true, 'Failed', 'bad', false],
  ['TIMED_OUT', true, 'Timed out', 'bad', false],
  ['STEP_3', false, 'Step 3', 'busy', true],
  ['DONE', true, 'Done', 'idle', false],
  ['constructor', false, 'Constructor', 'busy', true],
]
for (const [status, isOver, label, tone, isBusy] of cases)
  test(`${status} looks ${tone}`, () => {
    const look = statusLook(status, isOver)
    assert.deepEqual([look.label, look.tone, look.isBusy], [label, tone, isBusy])
  })
