// A tailed file in the pipeline: when it is read, what waits for it, and how it ends.
import { statSync, unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Origin, RecordBatch } from '../contracts/batch.ts'
import type { LogboomError } from '../contracts/errors.ts'
import type { FileRequest, TailRequest } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import { tellsChanges } from '../system/tells-changes.ts'
import type { TailChunk } from '../tail/tail-chunk.ts'
import { openTail, type Tail } from '../tail/tail.ts'
import type { TailedFile } from '../tail/tailed-file.ts'
import { logOf } from './compare-files.ts'
import { areAllWatchesTaken, openFileWatch } from './watch-file.ts'
import { shapeLines } from '../shape/shape-lines.ts'
import type { StageChain } from '../shape/stage-chain.ts'

/** A file is looked at every time for so long after it last had something, then its watcher tells when there is more. */
const hotMs = 4
/** A file that always has something needs no watcher, which would be told of each write. */
const busyMs = 1000
/** A watched one is looked at all the same: seldom where the system tells of all that happens, else more often. */
const watchedLookMs = { told: 30_000, else: 3000 }
/** A file that could not be read is read again after so long. */
const retryMs = 1000
/** Lines that become more and more are waited for so many times as long as others. */
const mostHolds = 10

export interface CaptureOptions {
  key: string
  origin: Origin
  request: TailRequest | FileRequest
  cursor: CursorValue | undefined
  /** An archive, opened where reading goes on. */
  file?: TailedFile | undefined
  stages: StageChain
  /** See TailOptions. */
  allocate(length: number): Uint8Array<ArrayBuffer>
  /** There is something to be read, after there was nothing for a while. */
  heated?(): void
  /** A file of others was truncated; told where its reading had got. */
  truncated?(path: string, before: CursorValue): void
  /** A file of others cannot be read for the moment; without, that is thrown. */
  failed?(path: string, error: Error): void
}

export interface Capture {
  key: string
  origin: Origin
  stages: StageChain
  path: string
  /** Path of a followed file while it is written. */
  log: string
  inode: number
  /** May be punched out. */
  private: boolean
  /** Should be read at the next step. */
  active(): boolean
  /** Not read before the other has given out all that it has now, so that lines of one log stay in order. */
  readAfter(other: Capture): void
  waitsFor(other: Capture): boolean
  isWaiting(): boolean
  /** Cannot be read for the moment. */
  isFailing(): boolean
  /** The system is asked to tell of changes. */
  watched(): boolean
  read(): TailChunk | undefined
  /** As records, which have yet to pass the stages. */
  shape(chunk: TailChunk, observed: number, firstSeq: number): RecordBatch
  cursor(): CursorValue
  /** See Tail. */
  noticeTruncation(): void
  isUnpacking(): boolean
  /** Bytes read so far. */
  offset(): number
  backlogBytes(): number
  /** See Tail. */
  knownBacklogBytes(): number
  /** A file of others is called so now. */
  rename(path: string): void
  /** Resolves once a read found nothing new and all before it is committed. */
  drain(): Promise<void>
  /** Resolves once the file is read to its very end; a private one is then removed. */
  finish(): Promise<void>
  /** After a commit: answers who waits; true when the capture is over and done. */
  settle(): boolean
  /** Rejects who waits. */
  giveUp(error: LogboomError): void
  /** To be called about every second: notices a change that the watcher did not tell of, or that nobody watches for. */
  touch(now: number): void
  /** Turns to watching when there was nothing for a while; `wake` is called when there is something again. */
  rest(now: number, wake: () => void): void
  close(): void
}

/** A capture that is read first. */
interface Ahead {
  other: Capture
  /** Of what it had when it was put ahead, nothing is left. */
  isRead(): boolean
}

/** Throws ENOENT when a file of others is not what the path names. */
export function openCapture(options: CaptureOptions): Capture {
  const { key, origin, request, stages } = options
  const isPrivate = 'capture' in request && request.capture
  const isFollowed = 'inode' in request
  const stream = 'stream' in request ? request.stream : 'log'
  const { holdMs } = stages
  let { path } = request
  /** The file was truncated since the last read; the next step looks for a copy with the rest first. */
  let isTruncated = false
  const tail = openTailOf(options, (before) => {
    isTruncated = true
    options.truncated?.(path, before)
  })
  let ahead: Ahead[] = []
  let hot = true
  // Times as performance.now() has them: a clock that is set back must not stop the reading.
  let hotSince = performance.now()
  let lastFound = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY
  let retryAt = 0
  /** Since when lines wait for what may follow them, and since when they are the same. */
  let heldFirst = Number.NEGATIVE_INFINITY
  let heldSince = Number.NEGATIVE_INFINITY
  let final = false
  let empty = tail === undefined
  const waiting: PromiseWithResolvers<void>[] = []
  let wakeDriver: () => void = () => undefined
  const watch = openFileWatch({
    changed: () => {
      if (hot) return
      heat()
      wakeDriver()
    },
    failed: heat,
  })

  function heat(): void {
    if (!hot) hotSince = performance.now()
    hot = true
    empty = tail === undefined
    options.heated?.()
  }

  function readTail(): TailChunk | undefined {
    const now = performance.now()
    if (now < retryAt) return undefined
    const held = tail?.heldBytes() ?? 0
    const isAwaited = waiting.length > 0 && !tail?.isUnpacking()
    const isDue = isAwaited || now - heldSince >= holdMs || now - heldFirst >= holdMs * mostHolds
    try {
      const chunk = tail?.read(final, isDue)
      if (tail?.heldBytes() !== held) {
        heldSince = now
        // Other lines are held, or the first ones.
        if (held === 0 || chunk) heldFirst = now
      }
      return chunk
    } catch (error) {
      if (!options.failed) throw error
      options.failed(path, error as Error)
      retryAt = now + retryMs
      return undefined
    }
  }

  function mustWait(): boolean {
    ahead = ahead.filter((each) => !each.isRead())
    return isTruncated || ahead.length > 0
  }

  function wait(): Promise<void> {
    heat()
    const answer = Promise.withResolvers<void>()
    waiting.push(answer)
    return answer.promise
  }

  return {
    key,
    origin,
    stages,
    get path() {
      return path
    },
    log: isFollowed ? logOf(request) : path,
    inode: tail?.identity.inode ?? 0,
    private: isPrivate,
    active: () => hot,
    readAfter(other) {
      if (other === this || other.waitsFor(this)) return
      other.noticeTruncation()
      const end = other.offset() + other.backlogBytes()
      let isDrained = false
      const drained = (): void => void (isDrained = true)
      other.drain().then(drained, drained)
      ahead.push({
        other,
        isRead: () => isDrained || other.isFailing() || (other.offset() >= end && !other.isWaiting()),
      })
    },
    waitsFor: (other) => ahead.some((each) => each.other === other || each.other.waitsFor(other)),
    isWaiting: mustWait,
    isFailing: () => performance.now() < retryAt,
    watched: watch.isOn,
    read() {
      empty = true
      const chunk = mustWait() ? undefined : readTail()
      empty = chunk === undefined && !mustWait() && !tail?.isUnpacking()
      isTruncated = false
      if (chunk) lastFound = performance.now()
      if (watch.isOn() && lastFound - hotSince > busyMs) watch.stop()
      return chunk
    },
    shape: (chunk, observed, firstSeq) =>
      shapeLines(
        chunk,
        { ...origin, stream, label: 'label' in request ? request.label : undefined },
        observed,
        firstSeq,
      ),
    cursor: () => ({ ...tail!.cursor(), ...(isFollowed ? { path } : {}), ...stages.memory() }),
    noticeTruncation: () => tail?.noticeTruncation(),
    isUnpacking: () => tail?.isUnpacking() ?? false,
    offset: () => tail?.offset() ?? 0,
    backlogBytes: () => tail?.backlogBytes() ?? 0,
    knownBacklogBytes: () => tail?.knownBacklogBytes() ?? 0,
    rename(to) {
      path = to
      tail?.rename(to)
    },
    drain: wait,
    finish() {
      final = true
      return wait()
    },
    settle() {
      if (!empty || waiting.length === 0) return false
      if (final) {
        watch.stop()
        tail?.close()
        if (isPrivate && tail) remove(path)
      }
      for (const { resolve } of waiting.splice(0)) resolve()
      return final
    },
    giveUp(error) {
      for (const { reject } of waiting.splice(0)) reject(error)
    },
    touch(now) {
      if (hot || (watch.isOn() && now - lookedAt < watchedLookMs[tellsChanges(dirname(path)) ? 'told' : 'else'])) return
      lookedAt = now
      if (tail?.changed()) heat()
    },
    rest(now, wake) {
      if (!hot || !empty || waiting.length > 0 || (tail?.heldBytes() ?? 0) > 0) return
      // Of very many files none is polled in the hope of more.
      const isOneOfMany = !watch.isOn() && areAllWatchesTaken() && !isPrivate
      if (!isOneOfMany && now - lastFound < hotMs) return
      hot = false
      if (isOneOfMany) return tail?.release()
      wakeDriver = wake
      if (!watch.isOn()) watch.start(path, tail?.identity.inode)
      // Changes before the watch stood are not told.
      if (tail?.changed()) heat()
    },
    close() {
      watch.stop()
      tail?.close()
      for (const { resolve } of waiting.splice(0)) resolve()
    },
  }
}

function openTailOf(
  { request, cursor, file, allocate, stages }: CaptureOptions,
  truncated: (before: CursorValue) => void,
): Tail | undefined {
  const { path } = request
  const { join } = stages
  if ('inode' in request) {
    const { start, encoding, device, inode, seenBytes } = request
    return openTail({
      path,
      file,
      cursor,
      allocate,
      join,
      identity: { device, inode },
      start,
      encoding,
      seenBytes: start === 'end' ? 0 : seenBytes,
      truncated,
    })
  }
  // A capture file that is gone was finished just before the last hub died.
  return exists(path) ? openTail({ path, cursor, mayHaveHoles: request.capture, allocate, join }) : undefined
}

/** A file that cannot be removed keeps its space, which is no reason to end. */
function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Gone, or on a disk that has become read-only.
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
