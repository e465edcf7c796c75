// Numbers of dead processes that the system has given to others: no hub adopts, signals or ends those.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectingShell, requirePidNamespace, reusePids, runInPidNamespace } from './pid-namespace.ts'

test('strangers who got the numbers of dead processes are left alone', requirePidNamespace(), async () => {
  assert.equal(await runInPidNamespace(collectingShell, reusePids), 'untouched\n')
})
