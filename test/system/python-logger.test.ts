// The tests of the Python module, which are written in Python: one test here for each class of them.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { requireTool } from '../../scripts/ensure-system.ts'

/** Debian's, which has Debian's modules. */
const python = '/usr/bin/python3'
const directory = path.resolve(import.meta.dirname, '../../python')
const code = readFileSync(path.join(directory, 'test_logboom_logging.py'), 'utf8')
const classes = [...code.matchAll(/^class (\w+)\(Case\):/gm)].map((match) => match[1]!)

test('classes of Python tests are found', () => {
  assert.ok(classes.includes('Lines') && classes.includes('Endpoints'), classes.join())
})

for (const name of classes) {
  test(`Python: ${name}`, requireTool('python3', 'pythonWebsockets', 'pythonSocketio'), async (t) => {
    const { failed, output } = await runClass(name)
    assert.ok(!failed, output)
    assert.match(output, /^Ran [1-9]\d* tests? /m)
    for (const [, reason] of output.matchAll(/skipped '(.*)'/g)) t.skip(reason)
  })
}

function runClass(name: string): Promise<{ failed: boolean; output: string }> {
  return new Promise((resolve) => {
    const options = { cwd: directory, timeout: 240_000, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } }
    const words = ['-m', 'unittest', '-v', `test_logboom_logging.${name}`]
    execFile(python, words, options, (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: stdout + stderr }),
    )
  })
}
