// Watches the clock for a process that has a schedule, and has it started when its time comes. Apart from the state machine,
// which only starts and stops.
import { severities } from '../../contracts/record.ts'
import type { SourceContext } from '../../contracts/source.ts'
import type { Entry } from '../../contracts/source-storage.ts'
import { lifecycleEntry } from '../lifecycle-event.ts'
import { findDue, type Due, type Schedule, type ScheduleOptions } from './schedule.ts'

export interface ScheduleWatch {
  /** When it is started next; undefined while nobody wants it. */
  nextAt(): number | undefined
  /** Firings that were skipped since the hub came. */
  skipped(): number
  /** Goes by the schedule from now on, or goes on. */
  begin(): void
  /** Nobody wants it any more; what would have fired meanwhile is not missed. */
  end(): void
  /** A run is over: one that has waited for that may come. */
  runOver(): void
  /** Leaves the schedule to the next hub. */
  close(): void
}

/** The process, as far as a schedule goes. */
export interface Fired {
  isBusy(): boolean
  /** Resolves when it is started, whether that went well or not. */
  start(firing: number): Promise<void>
  /** Like `start`, but ends the run that goes on. */
  replace(firing: number): Promise<void>
  tell(entry: Entry): void
  /** The newest firing that has a run; it is not started twice. */
  lastFiring: number | undefined
}

interface Kept {
  /** Everything up to then was started, skipped or told as missed; Unix milliseconds. */
  lookedAt: number
  /** Of the schedule; of another one nothing was missed. */
  text: string
}

/** The clock may be set, and machines sleep: so long is slept at most. */
const longestSleepMs = 20_000
/** Further back than any correction, so that a clock that was far ahead does not end a schedule for ever. */
const setBackMs = 3_600_000

export function attendSchedule(
  schedule: Schedule,
  { overlap, catchUp }: Pick<ScheduleOptions, 'overlap' | 'catchUp'>,
  { now, memory, changed }: Pick<SourceContext, 'now' | 'memory' | 'changed'>,
  fired: Fired,
): ScheduleWatch {
  let lookedAt = 0
  let timer: NodeJS.Timeout | undefined
  let isWanted = false
  let skipped = 0
  let isStarting = false
  let queued: number | undefined

  const keep = (): void => memory.keep({ lookedAt, text: schedule.text } satisfies Kept)

  function look(): void {
    const at = now()
    if (lookedAt > at + setBackMs) {
      lookedAt = at
      keep()
    }
    const due = findDue(schedule, lookedAt, at)
    lookedAt = Math.max(lookedAt, at)
    const firing = due.firing ?? (catchUp ? due.missed.at(-1) : undefined)
    const missed = formatMissed(due, firing)
    if (missed) fired.tell(missed)
    if (firing !== undefined) fire(firing)
    else if (missed) keep()
    plan()
  }

  function plan(): void {
    clearTimeout(timer)
    const next = schedule.next(lookedAt)
    if (!isWanted || next === undefined) return
    timer = setTimeout(look, Math.min(longestSleepMs, Math.max(1, next - now()))).unref()
    changed()
  }

  function fire(firing: number): void {
    const isBusy = isStarting || fired.isBusy()
    if (!isBusy) return startFor(firing, fired.start)
    if (overlap === 'kill' && !isStarting) return startFor(firing, fired.replace)
    if (overlap === 'queue' && queued === undefined) queued = firing
    else skip(firing)
  }

  function startFor(firing: number, how: Fired['start']): void {
    isStarting = true
    // Noted with the run before it begins; until that is so, dying leaves the firing to the next hub.
    void how(firing).finally(() => {
      isStarting = false
      keep()
    })
  }

  function skip(firing: number): void {
    skipped++
    const message = `skipped the firing of ${formatTime(firing)}: the run before still goes on`
    fired.tell(lifecycleEntry('skipped', message, { firing: new Date(firing).toISOString(), skipped }))
    keep()
    changed()
  }

  return {
    nextAt: () => (isWanted ? schedule.next(Math.max(lookedAt, now())) : undefined),
    skipped: () => skipped,
    begin() {
      if (isWanted) return
      isWanted = true
      const kept = memory.kept() as Kept | undefined
      const known = kept?.text === schedule.text ? kept.lookedAt : undefined
      lookedAt = Math.max(known ?? now(), fired.lastFiring ?? 0)
      if (known === undefined) keep()
      look()
    },
    end() {
      isWanted = false
      queued = undefined
      clearTimeout(timer)
      memory.keep(undefined)
    },
    runOver() {
      const firing = queued
      queued = undefined
      if (firing !== undefined) startFor(firing, fired.start)
    },
    close() {
      isWanted = false
      queued = undefined
      clearTimeout(timer)
    },
  }
}

/** `missed 3 firings, from 2025-06-08 14:25:00 on; runs once for that`; undefined when none was. */
function formatMissed({ missed, missedMore }: Due, firing: number | undefined): Entry | undefined {
  if (missed.length === 0) return undefined
  const [first, last] = [missed[0]!, missed.at(-1)!]
  const count = missed.length
  const number = missedMore ? `more than ${count}` : String(count)
  const when = count === 1 ? `of ${formatTime(first)}` : `from ${formatTime(first)} on`
  const once = firing === last ? '; runs once for that' : ''
  const message = `missed ${number} ${count === 1 ? 'firing' : 'firings'}, ${when}${once}`
  const details = { from: new Date(first).toISOString(), to: new Date(last).toISOString(), missed: count }
  return lifecycleEntry('missed', message, { severity: severities.WARNING, ...details })
}

/** `2025-06-08 14:25:00`, local time. */
function formatTime(unixMs: number): string {
  const date = new Date(unixMs - new Date(unixMs).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 19).replace('T', ' ')
}
