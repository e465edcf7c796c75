// Files that are read for the sources, each by the number it was given: private capture files, and followed ones.
import type {
  Entry,
  FileIdentity,
  FileRequest,
  ForgetOptions,
  RememberedFiles,
  TailRequest,
} from '../contracts/source-storage.ts'
import type { CursorValue, Store } from '../contracts/store.ts'
import type { Group } from '../shape/backlog.ts'
import type { OpenStages } from '../shape/stage-chain.ts'
import type { TailedFile } from '../tail/tailed-file.ts'
import { openCapture, type Capture } from '../captures/capture.ts'
import { openCaptureSet, type CaptureSet } from '../captures/capture-set.ts'
import { placeKey } from '../captures/compare-files.ts'
import { openFollowedFiles } from '../captures/followed-files.ts'

export interface TailCalls {
  /** Opens a file for reading and gives a number for it. */
  tail(source: string, request: TailRequest): number
  /** Opens a followed file: see SourceStorage. */
  tailFile(source: string, request: FileRequest): Promise<number | 'moved' | 'copy'>
  tailLogs(
    source: string,
    requests: readonly FileRequest[],
    logs: readonly FileIdentity[][],
  ): (number | 'moved' | 'copy' | { failed: string })[]
  rememberedFiles(source: string, run: number): RememberedFiles
  sawAllFiles(source: string, run: number, at: number): void
  forgetFile(source: string, run: number, file: FileIdentity, how?: ForgetOptions): void
  /** Bytes of a source's files of others that wait to be read. */
  backlogBytes(source: string): number
  renameTail(tail: number, path: string): void
  /** How far it was read, of how many bytes. */
  look(tail: number): { offset: number; size: number }
  drain(tail: number): Promise<void>
  finish(tail: number): Promise<void>
  closeTail(tail: number): void
}

export interface Tails {
  calls: TailCalls
  captures: CaptureSet
  /** Opens copies of files that were truncated, and collects places that are to be remembered though nothing is read there. */
  collectPlaces(group: Group): void
  hasPlaces(): boolean
  /** After a commit: captures that are over and done, which are not read any more. */
  takeFinished(): Capture[]
}

export interface TailsOptions {
  store: Store
  session: string
  openStages: OpenStages
  /** See TailOptions. */
  allocate(length: number): Uint8Array<ArrayBuffer>
  /** Makes a record that says what is missing. */
  tell(source: string, run: number, gap: Entry): void
  warn(message: string): void
}

export function openTails({ store, session, openStages, allocate, tell, warn }: TailsOptions): Tails {
  const captures = openCaptureSet()
  const files = openFollowedFiles({ store, captures, add: addFile, tell, warn })

  function addFile(source: string, request: FileRequest, cursor: CursorValue | undefined, file?: TailedFile): Capture {
    const { run } = request
    const number = captures.add((heated) =>
      openCapture({
        key: placeKey(source, run, request),
        origin: { source, run, session, pid: 0 },
        request,
        cursor,
        file,
        stages: openStages(source, cursor),
        allocate,
        heated,
        truncated: (path, before) => files.truncated(source, request, path, before),
        failed: files.failed,
      }),
    )
    return captures.get(number)!
  }

  return {
    captures,
    collectPlaces(group) {
      files.openCopies(group)
      files.collectPlaces(group)
    },
    hasPlaces: files.hasPlaces,
    takeFinished() {
      // Captures with a pending drain() are read in every step until it is over.
      const finished = captures.active().filter((capture) => capture.settle())
      for (const capture of finished) {
        captures.remove(captures.numberOf(capture)!)
        if (!capture.private) files.ended(capture)
      }
      return finished
    },
    calls: {
      tail(source, request) {
        const key = `${source}/${request.run}/${request.stream}`
        const origin = { source, run: request.run, session, pid: request.pid }
        const cursor: CursorValue | undefined = store.cursors().get(key)
        const stages = openStages(source, cursor)
        return captures.add((heated) => openCapture({ key, origin, request, cursor, stages, allocate, heated }))
      },
      async tailFile(source, request) {
        const opened = await files.open(source, request)
        return typeof opened === 'string' ? opened : captures.numberOf(opened)!
      },
      tailLogs: (source, requests, logs) =>
        files
          .openLogs(source, requests, logs)
          .map((each) => (typeof each === 'string' || 'failed' in each ? each : captures.numberOf(each)!)),
      forgetFile: files.forget,
      rememberedFiles: files.remembered,
      sawAllFiles: files.sawAll,
      backlogBytes: files.backlogBytes,
      renameTail: captures.rename,
      look(handle) {
        const capture = captures.get(handle)
        const offset = capture?.offset() ?? 0
        return { offset, size: offset + (capture?.backlogBytes() ?? 0) }
      },
      drain: (handle) => captures.get(handle)?.drain() ?? Promise.resolve(),
      finish: (handle) => captures.get(handle)?.finish() ?? Promise.resolve(),
      closeTail(handle) {
        captures.get(handle)?.close()
        captures.remove(handle)
      },
    },
  }
}
