// The runs of one container: when one begins and ends, which of its lines belong to which, and what is kept of it with them.
import { isUtf8 } from 'node:buffer'
import type { Entry } from '../../contracts/source-storage.ts'
import type { RunLog } from '../../contracts/source.ts'
import type { LogLine } from '../logs/log-lines.ts'
import { millisecondsOf, stampAt } from '../logs/log-pieces.ts'
import type { SeenState } from '../logs/seen-lines.ts'
import { containerEntry, exitCodeOf, exitedEntry, type EngineEvent } from './container-events.ts'
import { stampOf, timeOf, type Inspected } from './inspected.ts'
import type { KeptContainer, PushLane } from './push-lane.ts'

/** The beginning of the log, for us. `new`: all its lines are still to come. */
export type LogBeginning = 'new' | 'old' | { from: string }

export interface ContainerRuns {
  kept(): KeptContainer | undefined
  /** The container has begun another run than the one that is known. */
  isNext(now: Inspected): boolean
  /** Takes note of how the run may end. */
  heard(event: EngineEvent): void
  /** Sees to it that the run is the one that the container has now. */
  begin(now: Inspected): void
  /** Begins the run that began then. */
  beginAt(started: string, now: Inspected): void
  /** Ends the run, if it has not ended, as the engine says. */
  endAs(now: Inspected): void
  /** Ends the run, if it has not ended, as far as events have told. */
  endUnseen(): void
  /** An event has told of its end. */
  hasDied(): boolean
  /** Somebody asked for the end of the last run. */
  wasAsked(): boolean
  tell(entry: Entry, seen?: SeenState): void
  /** Lines that follow each other and are of one run. */
  groups(lines: LogLine[]): LogLine[][]
  /** All of one run. Gives what to wait for before there are more. */
  take(lines: readonly LogLine[], seen: SeenState): Promise<void> | undefined
  /** All lines from now on are of the run that is. */
  settle(): void
  /** Keeps nothing of it any more. */
  forget(): void
}

interface Surroundings {
  /** First digits of its id. */
  id: string
  beginning: LogBeginning
  /** Id of the engine. */
  engineId: string | undefined
  runs: RunLog
  lane: PushLane
}

export function openContainerRuns({ id, beginning, engineId, runs, lane }: Surroundings): ContainerRuns {
  let kept: KeptContainer | undefined = lane.kept[id]
  /** The run before, whose last lines may still come; lines before `until` belong to it. */
  let before: { run: number; until: string } | undefined

  let exitCode: number | undefined
  let isAsked = runs.last()?.details['asked'] === true

  function push(run: number, entries: Entry[], change: Partial<KeptContainer>): Promise<void> | undefined {
    kept = { ...kept!, ...change }
    return lane.push(id, run, entries, kept)
  }

  function tell(entry: Entry, seen?: SeenState): void {
    if (kept) void push(kept.run, [entry], seen ? { seen } : {})
  }

  function beginAt(started: string, now: Inspected): void {
    const open = runs.open().find(({ details }) => details['container'] === id && details['started'] === started)
    const { run } = open ?? runs.begin({ container: id, started, image: now.Config?.Image })
    exitCode = undefined
    isAsked = false
    kept = {
      run,
      started,
      engine: engineId,
      seen: kept?.seen ?? (typeof beginning === 'string' ? {} : fromHereOn(beginning.from)),
    }
    tell(
      containerEntry('started', 'started', { time: millisecondsOf(started), container: id, image: now.Config?.Image }),
    )
  }

  function end(code: number | undefined, at: number | undefined, isOutOfMemory: boolean): void {
    const { run } = kept!
    void push(run, [exitedEntry({ code, at, isOutOfMemory, isAsked }, id)], { isOver: true })
    const exit = { code: code ?? null, signal: null, at: at ?? Date.now(), known: code !== undefined }
    const details = runs.open().find((row) => row.run === run)?.details ?? {}
    runs.end(run, exit.at, { ...details, exit, ...(isAsked && { asked: true }) })
  }

  function isNext(now: Inspected): boolean {
    const started = stampOf(now.State.StartedAt)
    return started !== undefined && started !== kept?.started
  }

  return {
    kept: () => kept,
    isNext,
    heard(event) {
      if (event.Action === 'die') exitCode = exitCodeOf(event)
      // Stopping or removing a container sends it a signal; the kernel that ends it for its memory tells of none.
      if (event.Action === 'kill') isAsked = true
    },
    begin(now) {
      if (!isNext(now)) return
      const started = stampOf(now.State.StartedAt)!
      if (kept && !kept.isOver) {
        // Nobody saw the end of the run before, or end and beginning came at once.
        const finished = stampOf(now.State.FinishedAt)
        if (finished !== undefined && finished < started) before = { run: kept.run, until: between(finished, started) }
        end(exitCode, timeOf(now.State.FinishedAt), false)
      }
      beginAt(started, now)
    },
    beginAt,
    endAs({ State: { ExitCode, FinishedAt, OOMKilled = false } }) {
      if (!kept!.isOver) end(ExitCode, timeOf(FinishedAt), OOMKilled)
    },
    endUnseen() {
      if (kept && !kept.isOver) end(exitCode, undefined, false)
    },
    hasDied: () => exitCode !== undefined,
    wasAsked: () => isAsked,
    tell,
    groups(lines) {
      if (!before) return [lines]
      const groups: LogLine[][] = []
      let isOld: boolean | undefined
      for (const line of lines) {
        if (isOld === (isOld = line.time < before.until)) groups.at(-1)!.push(line)
        else groups.push([line])
      }
      return groups
    },
    take(lines, seen) {
      const isOld = before !== undefined && lines[0]!.time < before.until
      return push(isOld ? before!.run : kept!.run, lines.map(entryOf), { seen })
    },
    settle() {
      before = undefined
    },
    forget() {
      if (kept) void lane.push(id, kept.run, [containerEntry('removed', 'removed', { container: id })], undefined)
    },
  }
}

function entryOf({ stream, time, text }: LogLine): Entry {
  const entry: Entry = { message: text.toString('utf8'), stream, time: millisecondsOf(time) }
  return isUtf8(text) ? entry : { ...entry, extras: { fields: { 'logboom.bytes': text.toString('base64') } } }
}

/** Places as if both streams were read up to this time. */
function fromHereOn(time: string): SeenState {
  return { stdout: [time, 0, time, 0, 0], stderr: [time, 0, time, 0, 0] }
}

/** The last lines of a run have times somewhat behind its end, and the first of the next one somewhat before its beginning. */
function between(one: string, other: string): string {
  return stampAt((millisecondsOf(one) + millisecondsOf(other)) / 2)
}
