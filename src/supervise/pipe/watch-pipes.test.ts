import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import { test } from 'node:test'
import { findPipes, openPipeFiles, pipesDirectory } from './pipe-files.ts'
import { atEnd, eventually, temporaryDirectory } from '../test-context.ts'
import { watchPipes } from './watch-pipes.ts'

const note = (id: string) => ({ id, name: 'build', identity: undefined, startedAt: 0 })

test('a pipe is seen when it comes, also in a directory that was made anew, and after looking has failed', async (t) => {
  const captureDirectory = temporaryDirectory(t)
  const seen = new Set<string>()
  const troubles: (string | undefined)[] = []
  let fails = false
  const watch = await watchPipes({
    captureDirectory,
    look() {
      if (fails) return Promise.reject(new Error('no disk'))
      for (const { id } of findPipes(captureDirectory)) seen.add(id)
      return Promise.resolve()
    },
    onTrouble: (message) => troubles.push(message),
  })
  atEnd(t, watch.close)
  openPipeFiles(captureDirectory, note('one'))
  await eventually('the first', () => seen.has('one'))
  fails = true
  openPipeFiles(captureDirectory, note('two'))
  await eventually('trouble', () => troubles.at(-1) === 'no disk')
  fails = false
  await eventually('the second', () => seen.has('two'))
  rmSync(pipesDirectory(captureDirectory), { recursive: true })
  mkdirSync(pipesDirectory(captureDirectory))
  openPipeFiles(captureDirectory, note('three'))
  await eventually('the third', () => seen.has('three'))
  assert.equal(troubles.at(-1), undefined)
})
