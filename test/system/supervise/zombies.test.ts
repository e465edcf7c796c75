// Dead processes that nobody collects, below an adopted process and in place of one: they hold up nothing.
import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { requirePidNamespace, runInPidNamespace } from './pid-namespace.ts'

/** Waits for one only. */
const careless = ['python3', '-c', 'import subprocess, sys; sys.exit(subprocess.Popen(sys.argv[1:]).wait())']

test('where nobody collects orphans, the dead are not waited for', requirePidNamespace(), async () => {
  const said = await runInPidNamespace(careless, path.join(import.meta.dirname, 'leave-zombies.ts'))
  assert.equal(said, 'nobody waited for the dead\n')
})
