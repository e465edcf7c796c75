// A container, looked at whenever something may have happened to it: what the engine says of it then decides what is read, whichever
// way it came there.
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunLog } from '../../contracts/source.ts'
import type { LineJoining } from '../../contracts/stage.ts'
import { severities } from '../../contracts/record.ts'
import { containerGap, removedGap } from '../../text/gaps.ts'
import { statusOf, type EngineClient } from '../engine/engine-client.ts'
import { openContainerLog, type ContainerLog } from '../logs/container-log.ts'
import type { LogTaker } from '../logs/take-lines.ts'
import type { LogLine } from '../logs/log-lines.ts'
import type { LogTarget } from '../logs/log-requests.ts'
import { EngineFault } from '../logs/log-pieces.ts'
import { containerEntry, entriesOf, stampOfEvent, type EngineEvent } from './container-events.ts'
import { openContainerRuns, type ContainerRuns, type LogBeginning } from './container-runs.ts'
import { openFollowing } from './following.ts'
import {
  fullBytesOf,
  isAlive,
  isGoing,
  isLocal,
  isRotated,
  keepsNoLog,
  rotateBytesOf,
  stampOf,
  type Inspected,
} from './inspected.ts'
import { openLifeBorder, type LifeBorder } from './life-border.ts'
import type { KeptContainer, PushLane } from './push-lane.ts'
import { openWake, type Wake } from './wake.ts'

export interface ContainerOptions {
  engine: EngineClient
  id: string
  /** Times of the engine are whole seconds. */
  isCoarse: boolean
  beginning: LogBeginning
  /** Id of the engine, where it tells one. */
  engineId: string | undefined
  runs: RunLog
  lane: PushLane
  joining: LineJoining | undefined
  /** How it is has changed. */
  changed(): void
  /** Reading costs: so many at once. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value>
}

export interface Container {
  id: string
  /** As the engine described it last. */
  inspected(): Inspected | undefined
  run(): number | undefined
  /** Somebody asked for the end that it has come to. */
  wasAsked(): boolean
  /** Something happened to it, or may have. */
  happened(event?: EngineEvent): void
  /** The engine is there again: what was being read is read anew. */
  reconnect(): void
  /** Resolves when the engine has no such container any more, and all is committed. */
  gone: Promise<void>
  /** Resolves when nothing more is read; what is read stays. */
  close(): Promise<void>
}

const againMs = { first: 1000, most: 30_000 }

export function openContainer(options: ContainerOptions): Container {
  const { engine, id, lane } = options
  const short = id.slice(0, 12)
  const closing = new AbortController()
  const gone = Promise.withResolvers<void>()
  const wake = openWake()
  const runs = openContainerRuns({ ...options, id: short })
  const border = openLifeBorder()
  const trouble = tellTrouble(runs, short)
  const following = openFollowing(closing.signal, wake, trouble.failed)
  let inspected: Inspected | undefined
  let log: ContainerLog | undefined
  let startedBy: EngineEvent | undefined
  /** A reading that waits for an engine that is gone would wait for ever. */
  let reading: AbortController | undefined

  async function look(): Promise<void> {
    const askedAt = performance.now()
    const now = await inspect(engine, id)
    if (!now) return await leave()
    inspected = now
    options.changed()
    if (following.goesOn() && !runs.isNext(now)) return waitForEnd(now, askedAt, border, wake)
    runs.begin(now)
    border.decide(askedAt)
    if (following.goesOn()) return
    log ??= logOf(now, options, runs, border)
    if (stampOf(now.State.StartedAt) === undefined) return
    if (following.isPrepared()) return following.begin(log)
    const hasLog = !keepsNoLog(now) && !following.isUnreadable()
    if (hasLog && !isGoing(now) && needsReading(now, runs.kept()!)) await read(log, now)
    // Another life began meanwhile.
    if (runs.kept()!.started !== stampOf(now.State.StartedAt)) return wake.now()
    if (isGoing(now)) log.finish()
    if (!isAlive(now)) {
      runs.endAs(now)
      return options.changed()
    }
    runs.settle()
    if (hasLog) following.begin(log)
  }

  function read(wanted: ContainerLog, now: Inspected): Promise<void> {
    reading = new AbortController()
    const signal = AbortSignal.any([reading.signal, closing.signal])
    const known = lifeOfLines(now, border, async () => {
      const again = await inspect(engine, id)
      if (again) runs.begin(again)
    })
    return options.inTurn(() => wanted.read(signal, !isAlive(now), known))
  }

  /** The engine knows it no more. */
  async function leave(): Promise<void> {
    if (!runs.kept() && inspected && startedBy) runs.beginAt(stampOfEvent(startedBy), inspected)
    if (runs.kept() && log && following.isPrepared()) following.begin(log)
    border.decide()
    // The engine goes on with what it has begun to send.
    await following.ended()
    if (runs.kept() && !runs.kept()!.isOver) await endUnseen(runs, log)
    runs.forget()
    await lane.drained()
    closing.abort()
    gone.resolve()
  }

  const attending = attend(look, { wake, signal: closing.signal, ...trouble })
  return {
    id,
    inspected: () => inspected,
    run: () => runs.kept()?.run,
    wasAsked: runs.wasAsked,
    happened(event) {
      if (event?.Action === 'start') startedBy = event
      // A life may be over before anybody has asked how it is.
      const mayPrepare = event?.Action === 'start' && !following.goesOn() && !runs.kept()
      if (mayPrepare && log && !keepsNoLog(inspected!)) following.prepare(log)
      if (event?.Action === 'die') border.died(stampOfEvent(event))
      if (event) {
        runs.heard(event)
        entriesOf(event).forEach((entry) => runs.tell(entry))
      }
      wake.now()
    },
    reconnect() {
      reading?.abort()
      void following.stop().then(wake.now)
    },
    gone: gone.promise,
    async close() {
      closing.abort()
      await attending
      await following.ended()
    },
  }
}

/** Lines behind a death may be those of the next life, as the engine may give the log when that has begun: `ask` finds out. */
function lifeOfLines(
  now: Inspected,
  border: LifeBorder,
  ask: () => Promise<void>,
): (lines: readonly LogLine[]) => Promise<void> {
  return async (lines) => {
    const death = border.at() ?? (isAlive(now) ? undefined : stampOf(now.State.FinishedAt))
    if (death !== undefined && lines.some(({ time }) => time > death)) await ask()
  }
}

/** All that a follow gives comes first; it ends by itself. */
function waitForEnd(now: Inspected, askedAt: number, border: LifeBorder, wake: Wake): void {
  const patienceMs = isAlive(now) ? 0 : border.patienceMs()
  if (patienceMs === 0) border.decide(askedAt)
  if (border.patienceMs() !== undefined) wake.after(patienceMs ?? 0)
}

/** A follow gives all of what nobody has read. */
function needsReading(now: Inspected, { isOver, seen }: KeptContainer): boolean {
  return isOver !== true && (!isAlive(now) || Object.keys(seen).length > 0)
}

/** Undefined where the engine has no such container. */
async function inspect(engine: EngineClient, id: string): Promise<Inspected | undefined> {
  try {
    return await engine.get<Inspected>(`/containers/${id}/json`)
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

function targetOf(now: Inspected, { isCoarse, beginning }: ContainerOptions): LogTarget {
  const isTerminal = now.Config?.Tty === true
  // Lines that were thrown away before anybody was there to read them are missing to nobody.
  const isNew = beginning === 'new'
  const fullBytes = isNew ? fullBytesOf(now) : undefined
  const rotateBytes = isNew ? rotateBytesOf(now) : undefined
  return { id: now.Id, isTerminal, isRotated: isRotated(now), isLocal: isLocal(now), isCoarse, fullBytes, rotateBytes }
}

async function endUnseen(runs: ContainerRuns, log: ContainerLog | undefined): Promise<void> {
  log?.finish()
  if (log?.wasRead() !== true) runs.tell({ ...removedGap(), stream: 'log' })
  // The news of its death may be on its way.
  for (let tries = 0; tries < 10 && !runs.hasDied(); tries++) await sleep(50)
  runs.endUnseen()
}

/** Of the container; trouble with the engine as a whole is told by who watches the engine. */
function tellTrouble(runs: ContainerRuns, id: string): Pick<Attendance, 'settled' | 'failed'> {
  let isTold = false
  return {
    settled() {
      isTold = false
    },
    failed(error) {
      const isOfContainer = error instanceof EngineFault || (statusOf(error) ?? 0) >= 400
      if (!isOfContainer || isTold) return
      isTold = true
      const message = `cannot be read: ${error.message}; tried again until it can`
      runs.tell(containerEntry('unreadable', message, { severity: severities.WARNING, container: id }))
    },
  }
}

function logOf(now: Inspected, options: ContainerOptions, runs: ContainerRuns, border: LifeBorder): ContainerLog {
  const { engine, joining } = options
  return openContainerLog(engine, targetOf(now, options), runs.kept()?.seen ?? {}, takerOf(runs, border), joining)
}

function takerOf(runs: ContainerRuns, border: LifeBorder): LogTaker {
  return {
    groups: runs.groups,
    known: border.known,
    take: runs.take,
    gap: (lines, seen) => runs.tell({ ...containerGap(lines), stream: 'log' }, seen),
  }
}

interface Attendance {
  wake: Wake
  signal: AbortSignal
  settled(): void
  failed(error: Error): void
}

/** Looks whenever it is asked for, and again where looking failed. */
async function attend(look: () => Promise<void>, { wake, signal, settled, failed }: Attendance): Promise<void> {
  let waitMs = 0
  while (!signal.aborted) {
    try {
      await look()
      waitMs = 0
      settled()
    } catch (error) {
      if (signal.aborted) break
      failed(error as Error)
      waitMs = Math.min(Math.max(againMs.first, 2 * waitMs), againMs.most)
      wake.after(waitMs)
    }
    await wake.asked(signal)
  }
}
