// Every file name below the logs directory, in one place: from a source to its file and back. `name.log` is written,
// `name.previous.log` is the end of the run before, `name.7.log` (or `.log.gz`) was rotated away, higher is newer.
import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

export type LogRole = 'current' | 'previous' | 'rotated'

export interface LogName {
  /** The encoded name, before the first suffix. */
  base: string
  role: LogRole
  /** Number of a rotated file. Numbers grow for as long as the source lives and never come again. */
  part?: number
  compressed: boolean
}

export interface LogFileInfo extends LogName {
  source: string
  path: string
  bytes: number
  /** Unix milliseconds. */
  modifiedAt: number
}

const maxBaseBytes = 200

/** A source's name → file name without suffix: `[A-Za-z0-9._-]` as it is, else percent-encoded, cut with a hash when long. */
export function encodeLogName(name: string): string {
  const percent = (text: string) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
  let base = name.replace(/[^A-Za-z0-9._-]/gu, percent).replace(/^\./, '%2E')
  // So that no source can pose as another one's rotated or previous file.
  base = base.replace(/\.(previous|\d+)$/, '%2E$1')
  if (base === '') return '%'
  if (base.length <= maxBaseBytes) return base
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16)
  return `${base.slice(0, maxBaseBytes - 20).replace(/%.?$/, '')}%-${hash}`
}

/** The reverse of `encodeLogName`; a name that was cut stays as it is on disk. */
export function decodeLogName(base: string): string {
  try {
    return decodeURIComponent(base)
  } catch {
    return base
  }
}

export function logPath(directory: string, base: string, role: LogRole = 'current', part = 0): string {
  const suffix = role === 'current' ? '' : role === 'previous' ? '.previous' : `.${part}`
  return path.join(directory, `${base}${suffix}.log`)
}

/** Path of the log file of a source, present or future. */
export function logFilePath(directory: string, source: string): string {
  return logPath(directory, encodeLogName(source))
}

/** A file name → what it is; undefined when it is none of ours. */
export function parseLogName(file: string): LogName | undefined {
  const match = /^(.+?)(?:\.(previous)|\.(\d{1,15}))?\.log(\.gz)?$/.exec(file)
  if (!match) return undefined
  const compressed = match[4] !== undefined
  if (match[3] !== undefined) return { base: match[1]!, role: 'rotated', part: Number(match[3]), compressed }
  return compressed ? undefined : { base: match[1]!, role: match[2] ? 'previous' : 'current', compressed }
}

/** Rotated files of one name, oldest first; empty when the directory cannot be read. */
export function listParts(directory: string, base: string): { part: number; compressed: boolean; path: string }[] {
  let files: string[]
  try {
    files = readdirSync(directory)
  } catch {
    return []
  }
  const parts = []
  for (const file of files) {
    if (!file.startsWith(`${base}.`)) continue
    const name = parseLogName(file)
    if (name?.base !== base || name.role !== 'rotated') continue
    parts.push({ part: name.part!, compressed: name.compressed, path: path.join(directory, file) })
  }
  return parts.sort((a, b) => a.part - b.part || Number(a.compressed) - Number(b.compressed))
}

/** The log files in a directory, by source, current before previous before rotated; empty when there are none. */
export function listLogFiles(directory: string): LogFileInfo[] {
  let files: string[]
  try {
    files = readdirSync(directory)
  } catch {
    return []
  }
  const roles: LogRole[] = ['current', 'previous', 'rotated']
  const found: LogFileInfo[] = []
  for (const file of files) {
    const name = parseLogName(file)
    if (!name) continue
    const filePath = path.join(directory, file)
    const stat = statSync(filePath, { throwIfNoEntry: false })
    if (!stat?.isFile()) continue
    const source = decodeLogName(name.base)
    found.push({ ...name, source, path: filePath, bytes: stat.size, modifiedAt: stat.mtimeMs })
  }
  const order = (file: LogFileInfo) => roles.indexOf(file.role)
  return found.sort(
    (a, b) =>
      (a.source < b.source ? -1 : a.source > b.source ? 1 : order(a) - order(b)) || (a.part ?? 0) - (b.part ?? 0),
  )
}
