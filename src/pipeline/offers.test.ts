// Records whose sender can send them again: committed, or refused and then not kept, at every state of the disk.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogboomError } from '../contracts/errors.ts'
import type { Entry } from '../contracts/source-storage.ts'
import type { Store } from '../contracts/store.ts'
import { recordsOf } from '../query/read/records-of.ts'
import { stageChains } from '../shape/stage-chain.ts'
import { openMemoryStore } from '../stores/memory/memory-store.ts'
import { openPipeline } from './pipeline.ts'

const origin = { source: 'job', run: 2, session: 's', pid: 0 }
const entries = (...numbers: number[]): Entry[] =>
  numbers.map((number) => ({ message: `line ${number}`, severity: 9, number }))

function openOnDisk() {
  const memory = openMemoryStore(Date.now, 1e9)
  const disk = { isFull: false, commits: 0, time: 0 }
  const store: Store = {
    ...memory,
    commit(...words) {
      if (disk.isFull) return Promise.reject(new LogboomError('disk-full', 'The disk is full'))
      disk.commits++
      return memory.commit(...words)
    },
  }
  const pipeline = openPipeline({
    store,
    session: 's',
    openStages: stageChains([], { stages: {} }),
    publish: () => undefined,
    warn: () => undefined,
    now: Date.now,
    elapsed: () => disk.time,
    room: () => Infinity,
  })
  const lines = async (): Promise<string[]> => {
    const found: string[] = []
    for await (const { batches } of store.search({ order: 'oldest' }))
      found.push(...recordsOf(batches, 'oldest').map(({ seq, message }) => `${seq} ${message}`))
    return found
  }
  return { disk, pipeline, lines }
}

test('what is offered is in one commit, and what comes twice is in it once', async () => {
  const { disk, pipeline, lines } = openOnDisk()
  const offered = [pipeline.offer(origin, entries(1, 2)), pipeline.offer(origin, entries(2, 3))]
  await pipeline.step()
  await Promise.all(offered)
  assert.equal(disk.commits, 1)
  assert.deepEqual(await lines(), ['1 line 1', '2 line 2', '3 line 3'])
})

test('while the disk is full offers are refused, and none of them appears but those that come again', async () => {
  const { disk, pipeline, lines } = openOnDisk()
  disk.isFull = true
  const first = pipeline.offer(origin, entries(1, 2))
  // Waits for the disk, which has to be noticed.
  const pushed = pipeline.push(origin, [{ message: 'pushed', severity: 9 }])
  await Promise.all([pipeline.step(), assert.rejects(first, { code: 'disk-full' })])
  const second = pipeline.offer(origin, entries(1, 2, 3))
  await Promise.all([pipeline.step(), assert.rejects(second, { code: 'disk-full' })])
  disk.isFull = false
  disk.time += 10_000
  await pipeline.step()
  await pushed
  const third = pipeline.offer(origin, entries(2, 3))
  await pipeline.step()
  await third
  assert.deepEqual(await lines(), ['1 pushed', '2 line 2', '3 line 3'])
})

test('offers that are more than a commit takes are committed one after the other', async () => {
  const { disk, pipeline, lines } = openOnDisk()
  const large = (number: number): Entry[] => [{ message: 'x'.repeat(1_500_000), severity: 9, number }]
  const offered = [1, 2, 3].map((number) => pipeline.offer(origin, large(number)))
  while ((await pipeline.step()).more);
  await Promise.all(offered)
  assert.deepEqual([disk.commits, (await lines()).length], [3, 3])
})
