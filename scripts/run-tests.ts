// All tests, in three parts: what needs a moment, side by side; what waits more than it works, two at once; and what loads the
// machine or measures what it does, by itself.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Tests of the whole that run by themselves. */
const heavy = ['burst', 'bytes', 'disk', 'files', 'file-tricks', 'hardship', 'kill', 'retention', 'small-store-disk']
const timeout = '--test-timeout=300000'

const parts: string[][] = [
  ['--test-concurrency=2', timeout, 'test/*.test.ts', '{src,dashboard/src,test/contract}/**/*.test.ts'],
  ['--test-concurrency=2', timeout, `test/{system,browser}/**/!(${heavy.join('|')}).test.ts`],
  ['--test-concurrency=1', timeout, `test/{system,browser}/**/@(${heavy.join('|')}).test.ts`],
]

const directory = mkdtempSync(path.join(tmpdir(), 'logboom-tests-'))
const failures: string[] = []
for (const [index, words] of parts.entries()) {
  const report = path.join(directory, `${index}`)
  const reporters = ['stdout', report].flatMap((to) => ['--test-reporter=spec', `--test-reporter-destination=${to}`])
  const { status } = spawnSync(process.execPath, ['--test', ...reporters, ...words], {
    cwd: path.resolve(import.meta.dirname, '..'),
    stdio: 'inherit',
  })
  if (status !== 0)
    failures.push(existsSync(report) ? failuresOf(readFileSync(report, 'utf8')) : 'A part of the tests did not run.')
}
rmSync(directory, { recursive: true })
if (failures.length > 0) {
  // Those of an earlier part are far up.
  process.stdout.write(`\nAll that failed, once more:\n${failures.join('\n')}`)
  process.exitCode = 1
}

function failuresOf(report: string): string {
  return report.slice(Math.max(0, report.lastIndexOf('failing tests:')))
}
