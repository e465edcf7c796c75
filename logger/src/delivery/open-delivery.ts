// The delivery's part on the application's thread: records are gathered and posted to a worker in chunks, and kept until the
// worker has them in the spool. At exit this thread writes what the worker has not.
import { mkdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Delivery } from './delivery.ts'
import type { LogPosition } from './chunk.ts'
import { openChunkQueue } from './chunk-queue.ts'
import { endOfLog } from './recover/log-files.ts'
import { takeOver, type TakeOverOptions } from './recover/take-over.ts'
import { mainWrites, openSpoolLock } from './spool-lock.ts'
import { createOwner, formatOwner } from './spool/owner.ts'
import { writePosition, type LogPlace } from './spool/position-file.ts'
import { writeSegment } from './spool/write-segment.ts'
import { openWorker } from './open-worker.ts'
import type { FromWorker as WorkerState } from './worker-shapes.ts'

export interface DeliveryOptions {
  /** Of the hub. */
  url: string
  token?: string | undefined
  /** Name of the source that the records belong to at the hub. */
  source: string
  /** A directory beside the log, for this log alone. Several processes may share it. */
  spoolDirectory: string
  /** The log that the same records are written to, for those that a kill leaves out of the spool. */
  logFile?: string | undefined
  /** Directory of rotated copies of the log (`app.log.1`). Default: that of the log. */
  rotatedDirectory?: string
  /** Times in the log are UTC. Default: local. */
  utc?: boolean
  /** Default: 256 MiB. Beyond it the oldest records are given up and counted. */
  maxSpoolBytes?: number
}

const defaultMaxSpoolBytes = 256 * 1024 * 1024
const lockTimeoutMs = 2000
/** How long `flush` waits for a disk that is full. */
const flushMs = 10_000
/** How long the end of a process waits for a hub that answers. */
const lingerMs = 2000

/** To be opened before the first record is written to the log. Throws when the address of the hub is none. */
export function openDelivery(options: DeliveryOptions): Delivery {
  const { url, token, source, spoolDirectory, logFile, utc = false, maxSpoolBytes = defaultMaxSpoolBytes } = options
  const log = logFile === undefined ? undefined : placeOfLog(logFile, options.rotatedDirectory)
  checkUrl(url)
  checkToken(token)
  const owner = createOwner()
  const directory = path.join(spoolDirectory, formatOwner(owner))
  const takeOverOptions = { spoolDirectory, directory, logger: source, utc }
  const { taken, undecided } = beginSpool(takeOverOptions, log)

  const lock = openSpoolLock()
  const worker = openWorker({
    data: {
      poster: { url, token, source },
      takeOver: takeOverOptions,
      undecided,
      owner: owner.id,
      maxSpoolBytes,
      memory: lock.memory,
    },
    lock,
    onNews: () => queue.pump(),
    onRestart: () => queue.postAgain(),
  })
  const queue = openChunkQueue({
    done: lock.done,
    post: (chunk) => worker.post({ chunk }),
    positionOf: (fileEnd) => log && positionAt(log, fileEnd),
  })
  if (taken > 0 || undecided > 0) worker.start()

  const isAllSent = ({ done, isEmpty }: WorkerState): boolean => done >= queue.lastNumber() && isEmpty

  /** A process that ends for want of work stays for what a hub is about to take. */
  let lingeredFor = 0
  const beforeExit = (): void => {
    queue.cut()
    if (isAllSent(worker.state()) || lingeredFor === queue.lastNumber()) return
    lingeredFor = queue.lastNumber()
    void worker.until((state) => isAllSent(state) || !state.isWell, performance.now() + lingerMs)
  }
  /** True from the exit event on: nothing waits for records that its listeners log. */
  let isExiting = false
  const atExit = (): void => {
    isExiting = true
    queue.cut()
    if (isAllSent(worker.state())) leaveSpool(spoolDirectory, owner, true)
  }
  process.on('beforeExit', beforeExit)
  process.on('exit', atExit)

  function flushSync(): void {
    try {
      queue.cut()
      const chunks = queue.notDone()
      if (chunks.length === 0 || !lock.take(mainWrites, lockTimeoutMs)) return
      try {
        const rest = chunks.filter(({ number }) => number > lock.done())
        if (rest.length === 0) return
        writeSegment(directory, owner.id, rest)
        lock.setDone(rest.at(-1)!.number)
      } finally {
        lock.free()
      }
      worker.post('look')
    } catch {
      // The log has these records, and the next start takes them from there.
    }
  }

  return {
    send(...record) {
      queue.add(...record)
      if (isExiting) flushSync()
    },
    async flush() {
      queue.cut()
      const last = queue.lastNumber()
      await worker.until(() => lock.done() >= last, performance.now() + flushMs)
    },
    flushSync,
    async close() {
      queue.cut()
      await worker.until((state) => isAllSent(state) || !state.isWell, performance.now() + lingerMs)
      const isEmpty = await worker.close()
      flushSync()
      process.off('beforeExit', beforeExit)
      process.off('exit', atExit)
      leaveSpool(spoolDirectory, owner, isEmpty && queue.notDone().length === 0)
    },
  }
}

/** Removes an empty spool, and hands one that is not to whoever comes next. */
function leaveSpool(spoolDirectory: string, owner: ReturnType<typeof createOwner>, isEmpty: boolean): void {
  const directory = path.join(spoolDirectory, formatOwner(owner))
  try {
    if (isEmpty) rmSync(directory, { recursive: true, force: true })
    else renameSync(directory, path.join(spoolDirectory, formatOwner({ ...owner, pid: 0 })))
    rmdirSync(spoolDirectory)
  } catch {
    // Other processes have their spools in it.
  }
}

/** A disk that is full now may have room later: then nothing is taken over, and all else goes on. */
function beginSpool(options: TakeOverOptions, log: LogPlace | undefined): { taken: number; undecided: number } {
  try {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 })
    const start = log && endOfLog(log.file)
    writePosition(options.directory, { openedAt: Date.now(), log, start, last: start })
    return takeOver(options)
  } catch {
    // The worker tells of it when it meets the same.
    return { taken: 0, undecided: 0 }
  }
}

function checkUrl(url: string): void {
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: '' }
  if (protocol === 'http:' || protocol === 'https:') return
  throw new TypeError(`The hub’s address ${JSON.stringify(url)} is none. Give one such as http://127.0.0.1:7420.`)
}

function checkToken(token = ''): void {
  if (/^[\x20-\x7e]*$/.test(token)) return
  throw new TypeError(
    'The token for the hub has characters that no token has, perhaps a line end. Give it as it was shown.',
  )
}

function placeOfLog(logFile: string, rotatedDirectory: string | undefined): LogPlace {
  const file = path.resolve(logFile)
  return { file, rotatedDirectory: rotatedDirectory ? path.resolve(rotatedDirectory) : path.dirname(file) }
}

/** The end of the last record. The record may lie in the newest copy, since a log may be rotated right after a record. */
function positionAt({ file, rotatedDirectory }: LogPlace, fileEnd: number): LogPosition | undefined {
  for (const each of [file, path.join(rotatedDirectory, `${path.basename(file)}.1`)]) {
    try {
      const { dev, ino, size } = statSync(each)
      if (size >= fileEnd) return { device: dev, inode: ino, end: fileEnd }
    } catch {
      // Rotated away.
    }
  }
  return endOfLog(file)
}
