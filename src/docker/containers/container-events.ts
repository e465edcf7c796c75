// Entries about a container's life in the log of its source: one wording for people, one set of fields for programs.
import { severities } from '../../contracts/record.ts'
import { stampAt } from '../logs/log-pieces.ts'
import type { Entry } from '../../contracts/source-storage.ts'

export interface EngineEvent {
  Action: string
  /** Unix nanoseconds; as a number the last digits are not exact. */
  timeNano?: number
  time?: number
  Actor?: { ID?: string; Attributes?: Record<string, string> }
}

/** Entries of an event that is told as it comes; start and end of a run are told by who knows the run. */
export function entriesOf({ Action, timeNano, Actor }: EngineEvent): Entry[] {
  const id = Actor?.ID?.slice(0, 12)
  const time = timeNano === undefined ? undefined : timeNano / 1e6
  const told = toldOf(Action)
  return told ? [containerEntry(told.event, told.message, { severity: told.severity, time, container: id })] : []
}

function toldOf(action: string): { event: string; message: string; severity: number } | undefined {
  switch (action) {
    case 'oom':
      return { event: 'oom', message: 'is out of memory: the kernel kills in it', severity: severities.ERROR }
    case 'health_status: healthy':
      return { event: 'healthy', message: 'is healthy', severity: severities.INFO }
    case 'health_status: unhealthy':
      return { event: 'unhealthy', message: 'is unhealthy: its health check fails', severity: severities.WARNING }
    case 'pause':
      return { event: 'paused', message: 'paused', severity: severities.INFO }
    case 'unpause':
      return { event: 'unpaused', message: 'goes on after a pause', severity: severities.INFO }
    default:
      return undefined
  }
}

export function containerEntry(
  event: string,
  message: string,
  {
    severity = severities.INFO,
    time,
    ...fields
  }: { severity?: number; time?: number | undefined; [field: string]: unknown } = {},
): Entry {
  const said = Object.fromEntries(Object.entries({ event, ...fields }).filter(([, value]) => value !== undefined))
  return {
    message,
    stream: 'log',
    kind: 'event',
    severity,
    ...(time === undefined ? {} : { time }),
    extras: { fields: said },
  }
}

interface Ending {
  /** Codes above 128 are of a signal, as shells have it. */
  code: number | undefined
  /** Unix milliseconds. */
  at: number | undefined
  isOutOfMemory: boolean
  /** Somebody wanted it. */
  isAsked: boolean
}

export function exitedEntry({ code, at, isOutOfMemory, isAsked }: Ending, id: string): Entry {
  const bad = code === undefined ? severities.WARNING : severities.ERROR
  const severity = code === 0 || (isAsked && !isOutOfMemory) ? severities.INFO : bad
  const told = code === undefined ? 'exited, exit code unknown (no hub was looking)' : `exited with code ${code}`
  const message = isOutOfMemory ? `${told}, out of memory` : told
  return containerEntry('exited', message, { severity, time: at, code, container: id })
}

/** When it happened: seconds and nine digits, the last of which are not exact. */
export function stampOfEvent({ timeNano = Date.now() * 1e6 }: EngineEvent): string {
  return stampAt(timeNano / 1e6)
}

/** Of a death. */
export function exitCodeOf({ Actor }: EngineEvent): number | undefined {
  const code = Actor?.Attributes?.['exitCode']
  return code === undefined ? undefined : Number(code)
}
