// Everything that is read from /proc, and nothing else reads it: on machines without it (macOS) each function
// answers "unknown", and its callers make do with less.
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  readlinkSync,
  statSync,
} from 'node:fs'
import { uptime as systemUptime } from 'node:os'
import { basename } from 'node:path'
import type { Uptime } from '../../system/uptime.ts'

/** A process, as /proc/PID/stat tells it. */
export interface ProcessStat {
  pid: number
  /** `R`, `S`, `D`, `Z` … */
  state: string
  parent: number
  group: number
  session: number
  /** Clock ticks after boot. */
  startTicks: number
  /** Processor time of the process and of all children that it has waited for, in clock ticks. */
  ticks: number
  /** Like `ticks`, without its children. */
  ownTicks: number
  memoryBytes: number
  /** As wait(2) encodes it; of meaning for a zombie only, and 0 when we may not know. */
  waitStatus: number
}

/** A file by what stays the same when it is renamed or removed. */
export interface KnownFile {
  path: string
  inode: number
}

export const hasProc: boolean = existsSync('/proc/self/stat')

/** Names this boot of this machine; empty without /proc. */
export const bootId: string = quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()) ?? ''

/** Names the space in which our process ids mean something; empty without /proc. */
export const pidNamespace: string = quietly(() => readlinkSync('/proc/self/ns/pid')) ?? ''

/** How long this boot has lasted. */
export function readUptime(): Uptime {
  const seconds = Number.parseFloat(quietly(() => readFileSync('/proc/uptime', 'latin1')) ?? '') || systemUptime()
  return { boot: bootId, ms: Math.round(seconds * 1000) }
}

const auxiliary = readAuxiliaryVector()
const pageSize = auxiliary.get(6) ?? 4096
export const ticksPerSecond: number = auxiliary.get(17) ?? 100

const buffer = Buffer.allocUnsafe(2048)

export function readStat(pid: number): ProcessStat | undefined {
  let file: number | undefined
  try {
    // A plain read into one buffer: half the cost of readFileSync, and this is read for every process of the machine.
    file = openSync(`/proc/${pid}/stat`, 'r')
    return parseStat(pid, buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0)))
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** The text of /proc/PID/stat. A command's name may hold spaces and brackets, so fields count from the last `)`. */
export function parseStat(pid: number, text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields.length < 22) return undefined
  const at = (field: number) => Number(fields[field - 3] ?? 0)
  return {
    pid,
    state: fields[0]!,
    parent: at(4),
    group: at(5),
    session: at(6),
    startTicks: at(22),
    ticks: at(14) + at(15) + at(16) + at(17),
    ownTicks: at(14) + at(15),
    memoryBytes: at(24) * pageSize,
    waitStatus: at(52),
  }
}

/** All processes that can be seen. */
export function readTable(): ProcessStat[] {
  const names = quietly(() => readdirSync('/proc')) ?? []
  const table: ProcessStat[] = []
  for (const name of names) {
    const first = name.charCodeAt(0)
    if (first < 48 || first > 57) continue
    const stat = readStat(Number(name))
    if (stat) table.push(stat)
  }
  return table
}

/** The words of the command line, secrets and all; of the kernel's own threads, and of who hides it, the name in brackets. */
export function readWords(pid: number): string[] {
  const words = quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.replace(/\0+$/, '')
  return words ? words.split('\0') : [`[${quietly(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) ?? ''}]`]
}

/** The value of one variable of the environment a process was started with; undefined when absent or not readable. */
export function readEnvironment(pid: number, variable: string): string | undefined {
  const text = quietly(() => `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`)
  if (text === undefined) return undefined
  const start = text.indexOf(`\0${variable}=`)
  if (start < 0) return undefined
  const from = start + variable.length + 2
  const end = text.indexOf('\0', from)
  return text.slice(from, end < 0 ? undefined : end)
}

/** How many file locks a process may hold, a limit that Linux has not heeded since 2.4; undefined without one. */
export function readLockLimit(pid: number): number | undefined {
  const text = quietly(() => readFileSync(`/proc/${pid}/limits`, 'latin1')) ?? ''
  const soft = /^Max file locks +(\d+)/m.exec(text)?.[1]
  return soft === undefined ? undefined : Number(soft)
}

/** Whether a process has one of the files open for writing: those who only read it (`tail -f`) have no part in it. */
export function writesTo(pid: number, files: readonly KnownFile[]): boolean {
  const names = quietly(() => readdirSync(`/proc/${pid}/fd`)) ?? []
  return names.some((name) => quietly(() => isOpenForWriting(`/proc/${pid}/fd/${name}`, files)) ?? false)
}

function isOpenForWriting(link: string, files: readonly KnownFile[]): boolean {
  // The name is compared first, since stat would hang on a file of a network disk that is gone.
  const target = readlinkSync(link).replace(/ \(deleted\)$/, '')
  const name = basename(target)
  if (!files.some((file) => basename(file.path) === name)) return false
  if ((lstatSync(link).mode & 0o200) === 0) return false
  const { ino } = statSync(link)
  return files.some((file) => file.inode === ino)
}

/** Whether what stat says of this process's exit is to be believed: the kernel shows 0 to strangers. */
export function mayReadExit(pid: number): boolean {
  const uid = process.getuid?.()
  return uid === 0 || quietly(() => statSync(`/proc/${pid}`).uid) === uid
}

/** The kernel's note to each process: page size (6) and clock ticks per second (17), without asking a command. */
function readAuxiliaryVector(): Map<number, number> {
  const values = new Map<number, number>()
  const bytes = quietly(() => readFileSync('/proc/self/auxv'))
  if (!bytes) return values
  const words = new BigUint64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~15)))
  for (let index = 0; index < words.length; index += 2) values.set(Number(words[index]), Number(words[index + 1]))
  return values
}

/** Processes come and go while we look, and some are not ours to look at: then there is nothing to know. */
function quietly<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
