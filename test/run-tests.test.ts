// The runner of all tests: a test that fails once is told as flaky and passes, one that fails again fails the whole, and what is
// skipped counts as a failure in CI only.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'

const runner = path.resolve(import.meta.dirname, '../scripts/run-tests.ts')
const good = `import { test } from 'node:test'; test('good', () => {});`
const failsOnce = `import { existsSync, writeFileSync } from 'node:fs'
test('fails once', () => { if (!existsSync('flag')) { writeFileSync('flag', ''); throw new Error('too slow') } })`

function run(files: Record<string, string>, ci = false): { status: number | null; said: string } {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-runner-'))
  try {
    for (const [name, text] of Object.entries(files))
      writeFileSync(path.join(directory, name), text.replaceAll('flag', path.join(directory, 'flag')))
    const { NODE_TEST_CONTEXT: _, CI: __, ...env } = process.env
    const pattern = `${path.relative(path.resolve(import.meta.dirname, '..'), directory)}/*.mjs`
    const { status, stdout } = spawnSync(process.execPath, [runner, pattern], {
      env: ci ? { ...env, CI: 'true' } : env,
      encoding: 'utf8',
    })
    return { status, said: stdout }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

test('a test that fails once and then passes is flaky and does not fail the whole', () => {
  const { status, said } = run({ 'a.mjs': good, 'b.mjs': good + failsOnce })
  assert.equal(status, 0, said)
  assert.match(
    said,
    /\nFLAKY: failed once, passed by itself: \S+b\.mjs\n {2}fails once: too slow\n\n3 passed, 0 failed/,
  )
})

test('a test that fails again fails the whole, with its reason; so does a file that cannot run', () => {
  const { status, said } = run({
    'a.mjs': `${good} test('bad', () => { throw new Error('wrong') })`,
    'b.mjs': 'no code',
  })
  assert.equal(status, 1)
  assert.match(said, /\nFAILED, by itself too: \S+a\.mjs\n {2}bad: wrong\n[^]*\n1 passed, 2 failed, 0 skipped\n$/)
})

test('what is skipped fails the whole in CI, and there alone', () => {
  // The skipped test is the input: the runner is shown one.
  const files = { 'a.mjs': `${good} test.skip('not here', () => {})` }
  assert.equal(run(files).status, 0)
  const { status, said } = run(files, true)
  assert.equal(status, 1)
  assert.match(said, /does not accept\.\n\n1 passed, 0 failed, 1 skipped\n$/)
})
