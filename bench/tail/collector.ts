// Collectors, which take lines from a file, or from a process that they run, and keep them: the contract of those that are measured beside
// each other, and what their measuring has in common.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'

export interface Collector {
  /** CPU seconds of what takes the lines, never of what prints them. */
  cpuSeconds(): number
  /** Puts the lines where they are looked for, or starts the program that prints them. */
  feed(): void | Promise<void>
  /** Lines that are kept, once the last is among them; undefined until then. */
  kept(): number | undefined | Promise<number | undefined>
  close(): void | Promise<void>
}

export interface Work {
  /** Has the lines; to be moved to where it is read. */
  file: string
  /** Prints the same lines. */
  command: string[]
  /** Empty, on the same file system as the file. */
  directory: string
}

/** Opens a collector that is ready to be fed; undefined, having said so, where it is not to be had. */
export type OpenCollector = (work: Work) => Promise<Collector | undefined>

/** CPU seconds of one process alone, without its children. */
export function ownCpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024
}

/** Lines of a file that the generator's last one has reached. */
export function keptIn(file: string): number | undefined {
  const end = Buffer.alloc(64)
  try {
    const fd = openSync(file, 'r')
    readSync(fd, end, 0, end.length, Math.max(0, fstatSync(fd).size - end.length))
    closeSync(fd)
  } catch {
    return undefined // Not there yet.
  }
  return /done in \d+ ms\s/.test(end.toString('latin1')) ? countLines(readFileSync(file)) : undefined
}

export function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++
  return lines
}
