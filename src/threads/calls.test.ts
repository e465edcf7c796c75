// Both sides of the border between threads, with a real worker between them.
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { openCaller, type Caller } from './open-caller.ts'

interface TestCalls {
  add(a: number, b: number): number
  length(bytes: Uint8Array): Promise<number>
  fail(code: string): void
  end(): void
  never(): Promise<void>
}

const served = `
  const { parentPort } = require('node:worker_threads')
  Promise.all([import('SERVE'), import('ERRORS')]).then(([{ serve }, { LogboomError }]) =>
    serve(parentPort, {
      add: (a, b) => a + b,
      length: async (bytes) => bytes.length,
      fail(code) {
        throw code === '' ? new TypeError('unforeseen') : new LogboomError(code, 'No room', { hint: 'Make some' })
      },
      end: () => process.exit(3),
      never: () => new Promise(() => {}),
    }, { ready: 'here' }))`

function open(t: TestContext, ended?: (error: Error) => void): Caller<TestCalls, string> {
  const url = (path: string): string => new URL(path, import.meta.url).href
  const code = served.replace('SERVE', url('./serve.ts')).replace('ERRORS', url('../contracts/errors.ts'))
  const worker = new Worker(code, { eval: true })
  t.after(() => worker.terminate())
  return openCaller<TestCalls, string>(worker, ended ? { ended } : {})
}

test('calls are answered, many at once, and buffers are handed over', async (t) => {
  const { ready, calls, handing } = open(t)
  assert.equal(await ready, 'here')
  assert.deepEqual(await Promise.all([calls.add(1, 2), calls.add(3, 4)]), [3, 7])
  const bytes = new Uint8Array(1000)
  assert.equal(await handing([bytes.buffer]).length(bytes), 1000)
  assert.equal(bytes.length, 0, 'given away')
})

test('errors come over with code and hint; those that nobody foresaw keep where they were thrown to themselves', async (t) => {
  const { calls } = open(t)
  await assert.rejects(calls.fail('disk-full'), { code: 'disk-full', message: 'No room', hint: 'Make some' })
  await assert.rejects(calls.fail(''), ({ code, message, stack }: Error & { code: string }) => {
    assert.deepEqual([code, message], ['internal', 'unforeseen'])
    return stack!.includes('TypeError: unforeseen\n')
  })
})

test('when the worker ends, calls that wait and calls that come later reject, and it is told once', async (t) => {
  const ends: string[] = []
  const { calls } = open(t, ({ message }) => ends.push(message))
  const waiting = [calls.never(), calls.end()]
  for (const call of waiting) await assert.rejects(call, /A worker of the hub ended: exit code 3/)
  await assert.rejects(calls.add(1, 2), /A worker of the hub ended/)
  assert.deepEqual(ends, ['exit code 3'])
})
