// The log of one container, read so that each line comes once: followed, and where it may be rotated also read again, because a follow
// repeats lines then, leaves some out, or ends (decisions/085).
import type { LineJoining } from '../../contracts/stage.ts'
import type { EngineClient } from '../engine/engine-client.ts'
import type { LogLine } from './log-lines.ts'
import { openLogRequests, type LogRequests, type LogTarget } from './log-requests.ts'
import { openProving } from './proving.ts'
import { openLineTaking, type LogTaker } from './take-lines.ts'
import { betweenOf, floorsOf, liesBetween, openSeenLines, type Place, type SeenState } from './seen-lines.ts'

export interface ContainerLog extends Pick<LogRequests, 'begin'> {
  /**
   * Reads what is in the log now. `isOver`: its writer has ended, so that a line without its end is one. `known` resolves when lines
   * can be taken.
   */
  read(signal: AbortSignal, isOver: boolean, known?: (lines: readonly LogLine[]) => Promise<void>): Promise<void>
  /** Reads what comes, until the engine ends it. */
  follow(signal: AbortSignal): Promise<void>
  /** All that there was has been read, as far as the engine tells. */
  wasRead(): boolean
  /** The writer has ended, and the log cannot be read any more: what the follow had without its end is a line. */
  finish(): void
}

const provedAtOnce = 10_000
/** Sizes of entries are as good as exact. */
const certainShare = 0.9

export function openContainerLog(
  engine: EngineClient,
  target: LogTarget,
  saved: SeenState,
  taker: LogTaker,
  joining?: LineJoining,
): ContainerLog {
  const seen = openSeenLines(saved)
  const { lines, begin } = openLogRequests(engine, target)
  /** Of a hub that is no more, until the log was read again. */
  let unchecked = betweenOf(saved) > 0 ? saved : undefined
  let unfinished: LogLine[] = []
  const bytesOf = target.isLocal ? localBytes : jsonBytes
  /** A follow from the beginning that had less than what makes the engine rotate a log has most likely left out nothing. */
  const isWhole = Object.keys(saved).length === 0 && target.rotateBytes !== undefined
  let followedBytes = 0
  let isRead = false

  const taking = openLineTaking(taker, seen, joining)

  async function read(...[signal, isOver, known]: Parameters<ContainerLog['read']>): Promise<void> {
    const earlier = unchecked
    const from = earlier ? openSeenLines(floorsOf(earlier)) : seen
    const last = from.newestFloor()
    const loss = findLoss(last)
    const isFull = findFullness(last ? undefined : target.fullBytes, bytesOf)
    const places = new Map<LogLine['stream'], Place>()
    let between = 0
    let count = 0

    async function look(found: LogLine[]): Promise<void> {
      if (loss(found) || isFull(found)) taking.gap(undefined)
      for (const line of found) {
        places.set(line.stream, { time: line.time, count: line.ordinal })
        if (earlier && liesBetween(earlier, line)) between++
      }
      await known?.(found)
      await taking.reread(found)
      // Each line that is remembered costs; a long log has many.
      if (!earlier && (count += found.length) >= provedAtOnce) {
        seen.prove(places)
        count = 0
      }
    }

    let rest: LogLine[] = []
    try {
      for await (const found of lines({ since: from.since('floor'), follow: false, signal }, (left) => (rest = left)))
        await look(found)
      if (isOver) await look(rest)
    } finally {
      await taking.endReread()
    }
    if (loss(undefined)) taking.gap(undefined)
    const leftOut = earlier ? between - betweenOf(earlier) : 0
    unchecked = undefined
    isRead = true
    seen.checked()
    seen.prove(places)
    if (leftOut > 0) taking.gap(leftOut)
  }

  async function follow(signal: AbortSignal): Promise<void> {
    isRead = false
    const proving = openProving(() => read(signal, false), seen.unproven)
    const isRepeated = target.isCoarse ? () => false : findRepeated()
    try {
      for await (const found of lines(
        { since: seen.since('newest'), follow: true, signal },
        (rest) => (unfinished = rest),
      )) {
        const once = found.filter((line) => !isRepeated(line) && !(target.isRotated && line.isDoubtful))
        await taker.known(once, signal)
        if (signal.aborted) return
        for (const { text } of isWhole ? found : []) followedBytes += bytesOf(text)
        await taking.follow(once, !target.isRotated)
        if (target.isRotated) await proving.came(once.length < found.length)
      }
      isRead = seen.unproven() === 0 || (isWhole && followedBytes < certainShare * target.rotateBytes!)
    } finally {
      await taking.endFollow()
      await proving.end()
    }
  }

  return {
    begin,
    wasRead: () => isRead,
    read,
    follow,
    finish() {
      void taking
        .reread(unfinished)
        .then(taking.endReread)
        // A storage that takes nothing more has told so.
        .catch(() => undefined)
    },
  }
}

/** Whether what was read last is in the log no more; true once, when that is seen. `undefined`: the log has no more lines. */
function findLoss(
  last: ReturnType<ReturnType<typeof openSeenLines>['newestFloor']>,
): (found?: readonly LogLine[]) => boolean {
  let isSettled = last === undefined || last.count === 0
  return (found) => {
    if (isSettled) return false
    const first = found?.find(({ stream, time }) => stream === last!.stream && time >= last!.time)
    if (found && !first) return false
    isSettled = true
    return first?.time !== last!.time
  }
}

/** Whether so much is in the log that something may have been thrown away before the first of it was read; true once. */
function findFullness(fullBytes = Infinity, bytesOf: (text: Buffer) => number): (found: readonly LogLine[]) => boolean {
  let bytes = 0
  return (found) => {
    const before = bytes
    for (const { text } of found) bytes += bytesOf(text)
    return before < fullBytes && bytes >= fullBytes
  }
}

/** Of an entry in Docker's own format, beside its text. */
const jsonEntryBytes = '{"log":,"stream":"stdout","time":"2026-11-29T19:23:19.911161510Z"}\n\\n'.length
/** In the newer one: its length twice, stream, time and heads of fields. */
const localEntryBytes = 28

const jsonBytes = (text: Buffer): number => JSON.stringify(text.toString('utf8')).length + jsonEntryBytes
const localBytes = (text: Buffer): number => text.length + localEntryBytes

/**
 * A follow that repeats its last line, or the last pieces of it, cannot be told by the time; lines have the same nanosecond as others in
 * theory only.
 */
function findRepeated(): (line: LogLine) => boolean {
  const last = new Map<LogLine['stream'], LogLine>()
  return (line) => {
    const before = last.get(line.stream)
    last.set(line.stream, line)
    return before?.time === line.time && before.text.subarray(-line.text.length || before.text.length).equals(line.text)
  }
}
