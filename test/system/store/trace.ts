// What strace saw a store process do to files, parsed, and done again on a simulated disk up to any call.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Disk } from '../../../src/system/disk.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import type { Said } from './store-process.ts'

export interface TracedCall {
  thread: string
  name: string
  /** The quoted arguments. */
  texts: Buffer[]
  /** All arguments as they stand. */
  words: string
  /** What it returned; -1 with `error`. */
  result: number
  error: string | undefined
}

/** Calls that change files, and those that say which a descriptor is. */
const tracedCalls =
  'openat,close,creat,write,writev,pwrite64,pwritev,fdatasync,fsync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat'

/** Arguments for strace that leave in `file` what `readTrace` reads, of all threads. */
export const traceInto = (file: string): string[] => [
  '-f',
  '--seccomp-bpf',
  '-e',
  `trace=${tracedCalls}`,
  '-xx',
  '-s',
  '100000000',
  '-o',
  file,
]

/** In the order in which they returned. */
export function readTrace(file: string): TracedCall[] {
  const calls: TracedCall[] = []
  const unfinished = new Map<string, string>()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, thread, text] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (thread === undefined || text === undefined) continue
    const begun = /^(.*) <unfinished \.\.\.>$/.exec(text)
    if (begun) {
      unfinished.set(thread, begun[1]!)
      continue
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text)
    const whole = resumed ? unfinished.get(thread)! + resumed[1]! : text
    const match = /^(\w+)\((.*)\) += (-?\d+)(?: (E\w+))?/.exec(whole)
    if (!match) continue
    const [, name, words, result, error] = match
    calls.push({ thread, name: name!, words: words!, texts: quoted(words!), result: Number(result), error })
  }
  return calls
}

function quoted(words: string): Buffer[] {
  return [...words.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, text]) =>
    Buffer.from(text!.replaceAll('\\x', ''), 'hex'),
  )
}

/** Paths of a call that lie in `directory`, or are the directory above it. */
function pathsIn(call: TracedCall, directory: string): string[] {
  return call.texts
    .map(String)
    .filter((text) => text === path.dirname(directory) || `${text}/`.startsWith(`${directory}/`))
}

/** The calls on files of the store, and what the process said in between. */
export function callsOfStore(calls: readonly TracedCall[], directory: string): TracedCall[] {
  const files = new Set<string>()
  return calls.filter((call) => {
    const { name, words, result } = call
    const file = words.split(',')[0]!
    if (name === 'openat') {
      const isOurs = pathsIn(call, directory).length > 0
      if (isOurs) files.add(String(result))
      else files.delete(String(result))
      return isOurs
    }
    if (name === 'close') {
      // Its number may be given to a pipe or the like, of which no call here tells.
      files.delete(file)
      return false
    }
    if (name === 'write' && file === '1') return true
    return /^(write|writev|pwrite64|pwritev|fdatasync|fsync|ftruncate)$/.test(name)
      ? files.has(file)
      : pathsIn(call, directory).length > 0
  })
}

/** Does the calls again, in vain where they failed, and returns what the process had said by then. */
export function replay(calls: readonly TracedCall[], disk: SimulatedDisk, directory: string): Said[] {
  let fails = false
  const view = disk.boot(() => (fails ? 'EIO' : undefined))
  makeDirectories(view, path.dirname(directory))
  const files = new Map<number, number>()
  const folders = new Map<number, string>()
  let heard = ''

  function again({ name, texts, words, result }: TracedCall): void {
    const file = Number(words.split(',')[0])
    switch (name) {
      case 'openat': {
        const opened = String(texts[0])
        files.delete(result)
        folders.delete(result)
        if (opened === directory || !opened.startsWith(directory)) folders.set(result, opened)
        else files.set(result, view.open(opened, flagsOf(words)))
        return
      }
      case 'write':
      case 'writev': {
        const bytes = Buffer.concat(texts).subarray(0, result)
        if (file === 1) heard += bytes
        else view.write(files.get(file)!, bytes)
        return
      }
      case 'pwrite64':
        view.pwrite(files.get(file)!, texts[0]!.subarray(0, result), Number(words.split(',').at(-1)))
        return
      case 'fdatasync':
      case 'fsync':
        if (folders.has(file)) view.syncDirectory(folders.get(file)!)
        else view[name](files.get(file)!)
        return
      case 'ftruncate':
        view.ftruncate(files.get(file)!, Number(words.split(',')[1]))
        return
      case 'rename':
        view.rename(String(texts[0]), String(texts[1]))
        return
      case 'unlink':
        view.unlink(String(texts[0]))
        return
      case 'mkdir':
        view.mkdir(String(texts[0]), { mode: 0o700 })
        return
      default:
        throw new Error(`a call that nobody knows how to repeat: ${name}(${words.slice(0, 200)})`)
    }
  }

  for (const call of calls) {
    // Of those that fail only syncs leave something behind: what they were to write may be gone.
    if (call.error && !call.name.endsWith('sync')) continue
    fails = call.error !== undefined
    try {
      again(call)
    } catch (error) {
      if (!fails) throw error
    }
  }
  return heard
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Said)
}

function flagsOf(words: string): 'r' | 'r+' | 'a' | 'ax' {
  if (words.includes('O_EXCL')) return 'ax'
  if (words.includes('O_APPEND')) return 'a'
  return words.includes('O_RDWR') ? 'r+' : 'r'
}

function makeDirectories(disk: Disk, directory: string): void {
  if (directory === '/') return
  makeDirectories(disk, path.dirname(directory))
  disk.mkdir(directory, { mode: 0o700 })
  disk.syncDirectory(path.dirname(directory))
}
