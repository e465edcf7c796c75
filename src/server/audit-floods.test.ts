// What comes in floods fills no log, and is counted.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogboomError } from '../contracts/errors.ts'
import { openAuditFloods } from './audit-floods.ts'
import type { AuditEntry } from './hub-interface.ts'

const countedIn = ({ metadata }: AuditEntry): unknown => metadata?.['counted']

test('of a flood of refusals the first of a minute is told, and how many followed; of each caller by itself', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const told: AuditEntry[] = []
  const floods = openAuditFloods((entry) => told.push(entry))
  const refuse = (who: string): void => floods.refused(who, { route: 'GET /api/v1/users', peer: '127.0.0.1' })
  for (let i = 0; i < 500; i++) refuse('mia')
  refuse('ben')
  assert.deepEqual(
    told.map(({ who, action }) => `${who} ${action}`),
    ['mia request', 'ben request'],
  )
  t.mock.timers.tick(60_000)
  assert.deepEqual([told.length, countedIn(told[2]!)], [3, 499])
  refuse('mia')
  assert.equal(told.length, 4, 'another minute begins')
  floods.close()
  assert.equal(told.length, 4, 'nothing was only counted')
})

test('more of what was done, and of what failed, stands there in full', () => {
  const told: AuditEntry[] = []
  const floods = openAuditFloods((entry) => told.push(entry))
  for (let i = 0; i < 100; i++) {
    floods.tell({ who: 'edge', action: 'job_status' })
    floods.tell({ who: 'edge', action: 'job_status', error: new LogboomError('unknown-job', 'Job not found') })
  }
  assert.equal(told.length, 80)
  floods.close()
  assert.deepEqual(told.slice(80).map(countedIn), [40, 80])
})
