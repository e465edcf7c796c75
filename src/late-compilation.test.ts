import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { test } from 'node:test'

const module = path.resolve(import.meta.dirname, 'late-compilation.ts')
/** Tells whether a hot function is run as machine code: before there was work, and after, in a thread that did not do the work. */
const script = `
  const { Worker } = require('node:worker_threads')
  const hot = (n) => { let sum = 0; for (let i = 0; i < n; i++) sum = (sum * 31 + i) | 0; return sum }
  const baseline = 1 << 15, optimized = 1 << 4
  const isCompiled = () => {
    for (let i = 0; i < 3000; i++) { hot(2000); if (%GetOptimizationStatus(hot) & (optimized | baseline)) return true }
    return false
  }
  const before = isCompiled()
  const worker = new Worker('import(' + JSON.stringify(${JSON.stringify(module)}) + ').then(({ noticeWork }) => noticeWork(1e6))', { eval: true })
  worker.on('exit', () => console.log(JSON.stringify([before, isCompiled()])))
`

test('compilers that are off at the start are on in all threads once one has worked', () => {
  const flags = ['--no-sparkplug', '--no-maglev', '--no-opt', '--allow-natives-syntax']
  assert.deepEqual(JSON.parse(execFileSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' })), [
    false,
    true,
  ])
})
