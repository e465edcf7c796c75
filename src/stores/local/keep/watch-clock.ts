// Remembers in the store's directory what the clocks said, so that a jump is noticed whoever was running meanwhile, and tells
// whether the rules may remove anything.
import type { Disk } from '../../../system/disk.ts'
import { formatHold, type RetentionHold } from '../../../contracts/retention.ts'
import type { StoreOptions } from '../../../contracts/store.ts'
import { nextClockState, waitMs, type ClockReading, type ClockState } from './clock-doubt.ts'
import { readClockState, writeClockState } from './clock-file.ts'
import { dayOf } from '../names.ts'
import { isOfDisk } from '../tail/tail-file.ts'

export interface ClockWatch {
  /** Looks at the clocks: why nothing is removed now, if so. */
  look(): RetentionHold | undefined
  /** Looks at most once a minute: for commits, which are many. */
  glance(): void
  /** A person has said that what the clock says now is right. */
  believe(): void
  close(): void
}

export interface ClockWatchOptions extends Pick<StoreOptions, 'directory' | 'now' | 'uptime' | 'warn'> {
  disk: Disk
  /** The newest of the days with records, UTC; empty when there are none. */
  newestDay: string
}

/** So old what is on disk may be: after a loss of power the machine's count of this boot is gone. */
const mostUnsavedMs = 300_000
const glanceMs = 60_000

export function watchClock({ directory, now, uptime, warn, disk, newestDay }: ClockWatchOptions): ClockWatch {
  if (!uptime) return { look: () => undefined, glance() {}, believe() {}, close() {} }
  const read = (): ClockReading => ({ wallMs: now(), uptime: uptime() })
  const found = readClockState(disk, directory)
  let state = found ?? unknownState(read(), newestDay)
  let savedMs = found?.reading.wallMs ?? 0
  let told: number | undefined

  function save(): void {
    try {
      writeClockState(disk, directory, state)
      savedMs = state.reading.wallMs
    } catch (error) {
      // The older file makes the next hub doubt rather more than less.
      if (!isOfDisk(error)) throw error
    }
  }

  function advance(): void {
    const before = state.doubt
    state = nextClockState(state, read())
    const { doubt, reading } = state
    const isChanged = doubt?.jumpMs !== before?.jumpMs || doubt?.waitedMs === 0
    if (isChanged || Math.abs(reading.wallMs - savedMs) > mostUnsavedMs) save()
    if (doubt && doubt.jumpMs !== told) warn(formatHold(doubt))
    told = doubt?.jumpMs
  }

  advance()
  return {
    look() {
      advance()
      return holdOf(state)
    },
    glance() {
      if (Math.abs(now() - state.reading.wallMs) >= glanceMs) advance()
    },
    believe() {
      state = { reading: read() }
      told = undefined
      save()
    },
    close() {
      advance()
      save()
    },
  }
}

export function holdOf({ doubt }: ClockState): RetentionHold | undefined {
  return doubt && { jumpMs: doubt.jumpMs, leftMs: Math.max(0, waitMs - doubt.waitedMs) }
}

/** Nothing is known of the clocks, be it lost or of a hub that remembered nothing: the newest record says which day it was. */
function unknownState(reading: ClockReading, newestDay: string): ClockState {
  const isPlain = newestDay === '' || newestDay === dayOf(reading.wallMs)
  return isPlain ? { reading } : { reading: { ...reading, wallMs: Date.parse(`${newestDay}T23:59:59Z`) } }
}
