// A container as the engine describes it, and what of that matters here.
import type { SourceState } from '../../contracts/source-status.ts'
import { maskWords } from '../../secrets/mask-command.ts'
import { maskText } from '../../secrets/mask-text.ts'
import { openStampReader } from '../logs/log-pieces.ts'

/** Answer of `GET /containers/ID/json`, as far as it is used. */
export interface Inspected {
  Id: string
  /** With a slash in front. */
  Name: string
  RestartCount?: number
  Path?: string
  Args?: string[]
  State: {
    Status?: string
    Running?: boolean
    Paused?: boolean
    Restarting?: boolean
    Dead?: boolean
    /** On the machine of the engine; 0 where there is none. */
    Pid?: number
    OOMKilled?: boolean
    ExitCode?: number
    Error?: string
    /** RFC 3339; year 1 where it never was. */
    StartedAt?: string
    FinishedAt?: string
    Health?: { Status?: string }
  }
  HostConfig?: { LogConfig?: { Type?: string; Config?: Record<string, string> | null } }
  Config?: { Tty?: boolean; Labels?: Record<string, string> | null; Image?: string; StopTimeout?: number }
}

const readStamp = openStampReader()

/** Seconds and nine digits; undefined where it never was. */
export function stampOf(time: string | undefined): string | undefined {
  if (time === undefined || time.startsWith('0001-')) return undefined
  return readStamp(time)
}

/** Unix milliseconds. */
export function timeOf(time: string | undefined): number | undefined {
  const parsed = time === undefined || time.startsWith('0001-') ? NaN : Date.parse(time)
  return Number.isNaN(parsed) ? undefined : parsed
}

export const isAlive = ({ State }: Inspected): boolean => State.Running === true || State.Paused === true

/** A container that is being removed: its log cannot be asked for any more. */
export const isGoing = ({ State }: Inspected): boolean => State.Status === 'removing' || State.Dead === true

/** Engines that keep no lines, as far as they tell it of a container. */
export const keepsNoLog = ({ HostConfig }: Inspected): boolean => HostConfig?.LogConfig?.Type === 'none'

/** Whether lines may be thrown away while the container lives. Without a size, Docker's own format grows for ever. */
export function isRotated({ HostConfig }: Inspected): boolean {
  const { Type, Config } = HostConfig?.LogConfig ?? {}
  if (Type === 'json-file') return (Config?.['max-size'] ?? '-1') !== '-1'
  return Type !== 'journald' && Type !== 'k8s-file'
}

export function stateOf({ State }: Inspected, wasAsked: boolean): SourceState {
  if (State.Restarting) return 'restarting'
  if (State.Running || State.Paused) {
    const health = State.Health?.Status
    if (health === 'starting') return 'starting'
    return health === 'healthy' ? 'ready' : 'running'
  }
  if (timeOf(State.StartedAt) === undefined) return 'stopped'
  if (wasAsked && !State.OOMKilled) return 'stopped'
  return State.ExitCode === 0 ? 'exited' : 'crashed'
}

/** One line for people: image, and what is out of the ordinary. */
export function detailOf(inspected: Inspected): string {
  const { State, Config } = inspected
  const health = State.Health?.Status
  return [
    Config?.Image ?? 'no image',
    State.Paused && 'paused',
    State.OOMKilled && 'out of memory',
    isAlive(inspected) && health !== undefined && health !== 'none' && health,
    keepsNoLog(inspected) && 'its log driver "none" keeps no lines',
    State.Error && maskText(State.Error),
  ]
    .filter((each) => each)
    .join(', ')
}

export function commandOf({ Path, Args = [] }: Inspected): string {
  return maskWords([Path ?? '', ...Args].filter((word) => word !== '')).join(' ')
}

/** As the engine has it where nothing is set. */
const usual: Readonly<Record<string, { size?: string; files: number }>> = {
  'json-file': { files: 1 },
  local: { size: String(20 * 1024 * 1024), files: 5 },
}

/** Bytes in all files but the one that is written to, of a log that has been rotated as often as it has files. */
export function fullBytesOf(inspected: Inspected): number | undefined {
  const { Type = '', Config } = inspected.HostConfig?.LogConfig ?? {}
  const bytes = rotateBytesOf(inspected)
  const files = Number(Config?.['max-file'] ?? usual[Type]?.files)
  return bytes === undefined || files < 2 ? undefined : bytes * (files - 1)
}

/** Bytes in a log when it is rotated for the first time. */
export function rotateBytesOf({ HostConfig }: Inspected): number | undefined {
  const { Type = '', Config } = HostConfig?.LogConfig ?? {}
  const size = Config?.['max-size'] ?? usual[Type]?.size ?? ''
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)b?$/i.exec(size) ?? []
  if (!usual[Type] || digits === undefined) return undefined
  // The engine's k are 1000.
  return Number(digits) * 1000 ** ' kmgtp'.indexOf(unit.toLowerCase() || ' ')
}

/** Docker's newer format, which is no JSON. */
export const isLocal = ({ HostConfig }: Inspected): boolean => HostConfig?.LogConfig?.Type === 'local'
