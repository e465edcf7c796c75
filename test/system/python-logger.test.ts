// The tests of the Python module, which are written in Python: one test here for each class of them. And Python beside Node.
import assert from 'node:assert/strict'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
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

/** A program that has logged a line and stays until its standard input ends. */
async function startStaying(t: TestContext, program: string, words: string[], logs: string): Promise<ChildProcess> {
  const child = spawn(program, words, {
    env: { PATH: process.env.PATH, PYTHONPATH: directory, PYTHONDONTWRITEBYTECODE: '1', LOGS: logs },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout!, 'data')
  return child
}

const inPython = `
import os, sys
from logboom_logging import get_logger
get_logger('worker', log_dir=os.environ['LOGS'], console=False).info('of Python')
print('ready', flush=True)
sys.stdin.read()`

const inNode = `
import { getLogger } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../logger/src/index.ts'))}
getLogger('worker', { logDir: process.env.LOGS, console: false }).info('of Node')
console.log('ready')
process.stdin.resume()`

test(
  'a program in Node and one in Python that log under one name have a file each',
  requireTool('python3'),
  async (t) => {
    const logs = mkdtempSync(path.join(tmpdir(), 'logboom-claims-'))
    t.after(() => rmSync(logs, { recursive: true, force: true }))
    const startPython = (): Promise<ChildProcess> => startStaying(t, python, ['-c', inPython], logs)
    const startNode = (): Promise<ChildProcess> =>
      startStaying(t, process.execPath, ['--input-type=module', '-e', inNode], logs)
    const read = (name: string): string => readFileSync(path.join(logs, name), 'utf8')

    const first = await startPython()
    const second = await startNode()
    assert.match(read('worker.log'), /^.*\] of Python\n$/)
    assert.match(read('worker.2.log'), /\] of Node\n$/)
    for (const child of [first, second]) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await startNode()
    await startPython()
    assert.match(read('worker.log'), /\] of Python\n.*\] of Node\n$/)
    assert.match(
      read('worker.2.log'),
      /\] of Node\n.*\[WARNING\] worker\.log is written by process \d+ already.*\n.*\] of Python\n$/,
    )
  },
)
