// The log of one container, read so that each line comes once: followed, and where it may be rotated also read again, because a follow
// repeats lines then, leaves some out, or ends (decisions/085).
import type { EngineClient } from '../engine/engine-client.ts'
import type { LogLine } from './log-lines.ts'
import { openLogRequests, type LogRequests, type LogTarget } from './log-requests.ts'
import { openProving } from './proving.ts'
import { betweenOf, floorsOf, liesBetween, openSeenLines, type Place, type SeenState } from './seen-lines.ts'

export interface LogTaker {
  /** Lines are taken group by group. */
  groups(lines: LogLine[]): LogLine[][]
  /** Resolves when the lines can be taken, where that is not now. */
  known(lines: readonly LogLine[], signal: AbortSignal): Promise<void> | undefined
  /** Lines of one group. Gives what to wait for before there are more. */
  take(lines: LogLine[], seen: SeenState): Promise<void> | undefined
  /** `lines`: how many are missing, where that is known. */
  gap(lines: number | undefined, seen: SeenState): void
}

export interface ContainerLog extends Pick<LogRequests, 'begin' | 'wasOpened'> {
  /**
   * Reads what is in the log now. `isOver`: its writer has ended, so that a line without its end is one. `known` resolves when lines
   * can be taken.
   */
  read(signal: AbortSignal, isOver: boolean, known?: (lines: readonly LogLine[]) => Promise<void>): Promise<void>
  /** Reads what comes, until the engine ends it. */
  follow(signal: AbortSignal): Promise<void>
  /** The writer has ended, and the log cannot be read any more: what the follow had without its end is a line. */
  finish(): void
}

const provedAtOnce = 10_000

export function openContainerLog(
  engine: EngineClient,
  target: LogTarget,
  saved: SeenState,
  taker: LogTaker,
): ContainerLog {
  const seen = openSeenLines(saved)
  const { lines, begin, wasOpened } = openLogRequests(engine, target)
  /** Of a hub that is no more, until the log was read again. */
  let unchecked = betweenOf(saved) > 0 ? saved : undefined
  let unfinished: LogLine[] = []

  /** Takes what of the lines was not read before; what is kept with a group knows of no line behind it. */
  async function takeFresh(found: LogLine[], isProven: boolean): Promise<void> {
    for (const group of taker.groups(found)) {
      const fresh = group.filter((line) => seen.add(line, isProven))
      if (fresh.length > 0) await taker.take(fresh, seen.state())
    }
  }

  async function read(...[signal, isOver, known]: Parameters<ContainerLog['read']>): Promise<void> {
    const earlier = unchecked
    const from = earlier ? openSeenLines(floorsOf(earlier)) : seen
    const last = from.newestFloor()
    const loss = findLoss(last)
    const isFull = findFullness(last ? undefined : target.fullBytes, target.isLocal ? localBytes : jsonBytes)
    const places = new Map<LogLine['stream'], Place>()
    let between = 0
    let count = 0

    async function take(found: LogLine[]): Promise<void> {
      if (loss(found) || isFull(found)) taker.gap(undefined, seen.state())
      for (const line of found) {
        places.set(line.stream, { time: line.time, count: line.ordinal })
        if (earlier && liesBetween(earlier, line)) between++
      }
      await known?.(found)
      await takeFresh(found, false)
      // Each line that is remembered costs; a long log has many.
      if (!earlier && (count += found.length) >= provedAtOnce) {
        seen.prove(places)
        count = 0
      }
    }

    let rest: LogLine[] = []
    for await (const found of lines({ since: from.since('floor'), follow: false, signal }, (left) => (rest = left)))
      await take(found)
    if (isOver) await take(rest)
    if (loss(undefined)) taker.gap(undefined, seen.state())
    const leftOut = earlier ? between - betweenOf(earlier) : 0
    unchecked = undefined
    seen.checked()
    seen.prove(places)
    if (leftOut > 0) taker.gap(leftOut, seen.state())
  }

  async function follow(signal: AbortSignal): Promise<void> {
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
        await takeFresh(once, !target.isRotated)
        if (target.isRotated) await proving.came(once.length < found.length)
      }
    } finally {
      await proving.end()
    }
  }

  return {
    begin,
    wasOpened,
    read,
    follow,
    finish() {
      void takeFresh(unfinished, false)
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
