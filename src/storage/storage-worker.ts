// The permanent thread that captures, shapes and commits: puts pipeline, store, stages and sinks together, drives the
// pipeline's steps, and answers the main thread's calls.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { sinkTypes } from '../sinks/index.ts'
import { stageTypes } from '../stages/index.ts'
import { allStoreTypes } from '../stores/index.ts'
import { readUptime } from '../supervise/process/proc-table.ts'
import { openYoungGarbage } from '../system/young-garbage.ts'
import { encodeBatch } from '../wire/batch-codec.ts'
import { openCaptureSpace } from '../captures/capture-space.ts'
import { drivePipeline } from '../pipeline/drive-pipeline.ts'
import { serve } from '../threads/serve.ts'
import { openPipeline } from '../pipeline/pipeline.ts'
import { openSearchService, transferOf } from './search-service.ts'
import type { StorageCalls, StorageWorkerData, WorkerReady } from './storage-calls.ts'
import type { CommittedMessage, UnkeptMessage, WarnMessage } from './worker-news.ts'
import { openSinkFeed } from '../pipeline/sink-feed.ts'
import { openCaptureFilter } from '../shape/capture-filter.ts'
import { stageChains } from '../shape/stage-chain.ts'

/** Frames posted and not yet taken by the main thread; beyond this, viewers are left to the store. */
const underWayLimitBytes = 4 * 1024 * 1024

/** Of lines with more fields than text viewers see nothing before they are kept. */
const mostUnkeptFrameBytes = 512 * 1024

/** Work that the hub before left undone can wait until this one serves. */
const firstTidyMs = 5000
const tidyMs = 3_600_000

const data = workerData as StorageWorkerData & { underWay: Int32Array }
const { underWay } = data
const port = parentPort!
const warn = (message: string): void => port.postMessage({ warn: message } satisfies WarnMessage)
const now = Date.now
let followed = false

/** Gives the frames of a message away, counted until the main thread has them. */
function post(message: CommittedMessage | UnkeptMessage, frames: readonly Uint8Array[]): void {
  Atomics.add(
    underWay,
    0,
    frames.reduce((sum, frame) => sum + frame.length, 0),
  )
  port.postMessage(
    message,
    frames.map((frame) => frame.buffer as ArrayBuffer),
  )
}

const storeType = allStoreTypes.find(({ name }) => name === data.store)!
const store = await storeType.open({
  directory: join(data.stateDirectory, 'store'),
  now,
  uptime: readUptime,
  warn,
  ...(data.retention ? { retention: data.retention } : {}),
  ...(data.spool ? { spool: data.spool } : {}),
})
const { spool } = store
const capture = openCaptureFilter(data.serviceNames, data.capture)
const pipeline = openPipeline({
  store,
  session: data.session,
  now,
  warn,
  room: () => space.room(),
  isHeld: () => spool?.isFull() ?? false,
  spent: openYoungGarbage(),
  unkept({ first, added }) {
    const isHeld = Atomics.load(underWay, 0) > underWayLimitBytes
    const frames = (isHeld ? [] : added)
      .map(({ number, batch }) => ({ number, frame: encodeBatch(batch) }))
      .filter(({ frame }) => frame.length <= mostUnkeptFrameBytes)
    post(
      { unkept: { first, added: frames } },
      frames.map(({ frame }) => frame),
    )
  },
  openStages: stageChains(stageTypes, data, capture.apply),
  publish(batches) {
    sinks.write(batches)
    // Viewers must not make the queue between the threads grow: what they miss is in the store.
    const missed = followed && Atomics.load(underWay, 0) > underWayLimitBytes
    const frames = followed && !missed ? batches.map((batch) => encodeBatch(batch)) : []
    post({ committed: store.head(), frames, missed }, frames)
  },
})
const sinks = openSinkFeed({
  stateDirectory: data.stateDirectory,
  sinks: sinkTypes.filter(({ name }) => name in data.sinks).map((type) => ({ type, options: data.sinks[type.name] })),
  head: store.head(),
  context: { session: data.session, serviceNames: data.serviceNames, now, warn, gap: pipeline.gap },
})
await sinks.catchUp(store)
const searches = openSearchService(store)
const space = openCaptureSpace({
  directory: join(data.stateDirectory, 'capture'),
  // A clock that is set back must not keep it from looking.
  now: () => performance.now(),
  committed: (key) => Number(store.cursors().get(key)?.offset ?? 0),
})
const driver = drivePipeline({
  pipeline,
  saveSinks: sinks.save,
  space,
  fail: (error) => {
    throw error
  },
})

// Days get too old while nobody says anything.
const tidy = (): void => void store.seal()
setTimeout(tidy, firstTidyMs).unref()
setInterval(tidy, tidyMs).unref()

serve<StorageCalls>(
  port,
  {
    ...pipeline,
    ...searches,
    isWritable: () => pipeline.trouble().length === 0,
    trouble: () => [...pipeline.trouble(), ...sinks.trouble()],
    obstacles: (sink, names) =>
      names.flatMap((name): [string, string][] => {
        const obstacle = sinks.obstacle(sink, name)
        return obstacle === undefined ? [] : [[name, obstacle]]
      }),
    setCapture: capture.set,
    setRetention: store.setRetention,
    hold: store.hold,
    retain: (request) => store.retain(request),
    follow() {
      followed = true
      return store.head()
    },
    unfollow() {
      followed = false
    },
    readSpool: (after, mostBytes) => spool?.read(after, mostBytes),
    releaseSpool: (through) => spool?.release(through),
    spoolState: () => spool?.state(),
    async close() {
      await driver.stop()
      sinks.close()
      await store.close()
    },
  },
  {
    ready: {
      head: store.head(),
      lastRuns: store.lastRuns(),
      readable: storeType.openReader !== undefined,
    } satisfies WorkerReady,
    transferOf,
    called: driver.wake,
  },
)
