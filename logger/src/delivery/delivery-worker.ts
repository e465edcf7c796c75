// The worker of one delivery: makes JSON lines of what the application logs, puts them into the spool and sends the spool.
import { parentPort, workerData } from 'node:worker_threads'
import { countRecords, formatChunk, formatGap, type Chunk } from './chunk.ts'
import { openPoster } from './post/open-poster.ts'
import { openSender } from './post/open-sender.ts'
import { takeOver, touch } from './recover/take-over.ts'
import { openSpoolLock, workerWrites } from './spool-lock.ts'
import { openSpool } from './spool/open-spool.ts'
import { touchEveryMs } from './spool/owner.ts'
import { tell } from '../tell.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-shapes.ts'

const segmentBytes = 1024 * 1024
const lockTimeoutMs = 10_000
const tryDiskAgainMs = 1000
const askOwnersEveryMs = 5000
const reportMs = 50

const start = workerData as WorkerStart
const port = parentPort!
const { directory } = start.takeOver
const lock = openSpoolLock(start.memory)
const spool = openSpool({ directory, maxBytes: start.maxSpoolBytes, segmentBytes, owner: start.owner })
const sender = openSender({
  spool,
  poster: openPoster(start.poster),
  tell: tellOnce,
  onStep: report,
  onRefused: noteRefused,
})
/** Chunks that the disk has not taken. */
const waiting: Chunk[] = []
let lastDone = lock.done()
let retry: NodeJS.Timeout | undefined
let reporting: NodeJS.Timeout | undefined

const signs = setInterval(() => {
  try {
    touch(directory)
  } catch {
    // Nobody can tell then whether this process lives, but those that see its number.
  }
}, touchEveryMs)
const asking = start.undecided > 0 ? setInterval(askOwners, askOwnersEveryMs) : undefined

port.on('message', (message: ToWorker) => {
  if (message === 'close') close()
  else if (message === 'look') takeChunks()
  else {
    waiting.push(message.chunk)
    takeChunks()
  }
})
sender.wake()
report()

function takeChunks(): void {
  if (retry) return
  try {
    seeOtherWriter()
    while (waiting.length > 0) {
      putIntoSpool(waiting[0]!)
      waiting.shift()
    }
  } catch (error) {
    tell(
      `spool ${directory}`,
      `The spool ${directory} cannot be written (${(error as Error).message}); what is logged stays in memory until it can`,
    )
    retry = setTimeout(() => {
      retry = undefined
      takeChunks()
    }, tryDiskAgainMs)
  }
  sender.wake()
  report()
}

function putIntoSpool(chunk: Chunk): void {
  const lines = formatChunk(chunk, process.pid)
  locked(() => {
    if (chunk.number <= lock.done()) return
    spool.append(lines, { records: countRecords(chunk) + chunk.dropped, position: chunk.position })
    lastDone = chunk.number
    lock.setDone(chunk.number)
  })
}

/** At `flushSync` the application's thread writes a segment in our place; ours must not go on growing before it. */
function seeOtherWriter(): void {
  locked(() => {
    if (lock.done() === lastDone) return
    lastDone = lock.done()
    spool.seal()
    spool.look()
  })
}

function locked(act: () => void): void {
  if (!lock.take(workerWrites, lockTimeoutMs)) throw new Error('another thread is writing there')
  try {
    act()
  } finally {
    lock.free()
  }
}

function noteRefused(records: number): void {
  const line = formatGap(Date.now(), records, 'the hub refused them; they are kept beside the spool')
  try {
    locked(() => spool.append(line, { records: 1 }))
  } catch {
    // The refusal was told on the console.
  }
}

function askOwners(): void {
  try {
    const { taken, undecided } = takeOver(start.takeOver)
    if (taken > 0) spool.look()
    if (undecided === 0) clearInterval(asking)
    sender.wake()
  } catch {
    // Asked again.
  }
}

function close(): void {
  clearInterval(signs)
  clearInterval(asking)
  clearTimeout(retry)
  sender.close()
  locked(() => spool.close())
  reportNow(true)
}

/** Not after each chunk: what is told costs the application's thread time. */
function report(): void {
  reporting ??= setTimeout(reportNow, reportMs)
}

function reportNow(isClosed = false): void {
  clearTimeout(reporting)
  reporting = undefined
  const isEmpty = spool.isEmpty() && waiting.length === 0
  port.postMessage({ done: lock.done(), isEmpty, isWell: sender.isWell(), isClosed } satisfies FromWorker)
}

function tellOnce(text: string): void {
  tell(text, text)
}
