// Resources of a process and its descendants, as the kernel tells, and the size of a directory on disk.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Usage } from './peer.ts'

const ticksPerSecond = 100

interface Stat {
  pid: number
  parent: number
  /** CPU of its own threads, and of children that have ended. */
  cpuSeconds: number
}

/** Of the process and all that live below it. */
export function usageOf(root: number): Usage {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readStat(Number(name)) ?? []) : []))
  const tree = all.filter(({ pid }) => pid === root)
  for (let i = 0; i < tree.length; i++) tree.push(...all.filter(({ parent }) => parent === tree[i]!.pid))
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
  return {
    cpuSeconds: sum(tree.map(({ cpuSeconds }) => cpuSeconds)),
    peakMb: sum(tree.map(({ pid }) => readPeakMb(pid))),
  }
}

function readStat(pid: number): Stat | undefined {
  const text = readProc(pid, 'stat')
  if (text === undefined) return undefined
  const fields = text
    .slice(text.lastIndexOf(') ') + 2)
    .split(' ')
    .map(Number)
  return {
    pid,
    parent: fields[1]!,
    cpuSeconds: (fields[11]! + fields[12]! + fields[13]! + fields[14]!) / ticksPerSecond,
  }
}

const readPeakMb = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readProc(pid, 'status') ?? '')?.[1] ?? 0) / 1024

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return undefined
  }
}

/** Apparent bytes of all files in it; links are not followed. */
export function bytesIn(directory: string): number {
  return readdirSync(directory, { withFileTypes: true })
    .map((entry) => ({ entry, name: path.join(directory, entry.name) }))
    .reduce(
      (sum, { entry, name }) => sum + (entry.isDirectory() ? bytesIn(name) : entry.isFile() ? statSync(name).size : 0),
      0,
    )
}
