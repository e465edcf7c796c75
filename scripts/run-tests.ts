// All tests, in three parts: what needs a moment, side by side; what waits more than it works, two at once; and what loads the
// machine or measures what it does, by itself.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** Tests of the whole that run by themselves. */
const heavy = ['burst', 'bytes', 'disk', 'files', 'file-tricks', 'hardship', 'kill', 'retention', 'small-store-disk']
const timeout = '--test-timeout=300000'

const parts: string[][] = [
  ['--test-concurrency=2', timeout, 'test/*.test.ts', '{src,dashboard/src,test/contract}/**/*.test.ts'],
  ['--test-concurrency=2', timeout, `test/{system,browser}/**/!(${heavy.join('|')}).test.ts`],
  ['--test-concurrency=1', timeout, `test/{system,browser}/**/@(${heavy.join('|')}).test.ts`],
]

let failed = false
for (const words of parts) {
  const { status } = spawnSync(process.execPath, ['--test', ...words], {
    cwd: path.resolve(import.meta.dirname, '..'),
    stdio: 'inherit',
  })
  failed ||= status !== 0
}
if (failed) process.exitCode = 1
