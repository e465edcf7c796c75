// Numbers of dead processes that the system has given to others: no hub adopts, signals or ends those.
import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { requirePidNamespace, runInPidNamespace } from './pid-namespace.ts'

/** A shell collects the dead, so that their numbers are free. */
const collects = ['/bin/sh', '-c', '"$0" "$1"; exit $?']

test('strangers who got the numbers of dead processes are left alone', requirePidNamespace(), async () => {
  const said = await runInPidNamespace(collects, path.join(import.meta.dirname, 'reuse-pids.ts'))
  assert.equal(said, 'untouched\n')
})
