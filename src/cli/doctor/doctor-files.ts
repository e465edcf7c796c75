// The doctor's look at the state directory: what the store, the lock and the capture files do there is done once.
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Finding } from './finding.ts'

/** Tried in a directory of its own, which is gone afterwards; the state directory itself is not made. */
export async function checkFileSystem(stateDirectory: string): Promise<Finding[]> {
  const parent = existingParent(stateDirectory)
  const what = 'state directory'
  let directory: string
  try {
    directory = mkdtempSync(join(parent, '.logboom-doctor-'))
  } catch (error) {
    const hint = 'Give a writable directory with --state DIR.'
    return [{ what, verdict: 'fail', text: `${stateDirectory}: ${(error as Error).message}`, hint }]
  }
  try {
    const text = parent === stateDirectory ? `${stateDirectory} is writable` : `${stateDirectory} can be made`
    return [
      { what, verdict: 'ok', text },
      attempt('file system', 'append, rename, fsync work', 'fail', () => useFiles(directory)),
      attempt('locks', 'one process keeps others out', 'fail', () => useLock(directory)),
      attempt('hole punching', 'read capture files give their space back', 'warn', () => punchHole(directory)),
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function existingParent(path: string): string {
  return existsSync(path) ? path : existingParent(dirname(path))
}

const advice: Record<string, string> = {
  'file system': 'Use a local disk: --state DIR.',
  locks: 'Network file systems often cannot lock; use a local disk: --state DIR.',
  'hole punching':
    'Install util-linux (fallocate), or use ext4, xfs, btrfs or tmpfs; until then files shrink at the end of a run.',
}

function attempt(what: string, success: string, otherwise: 'warn' | 'fail', action: () => void): Finding {
  try {
    action()
    return { what, verdict: 'ok', text: success }
  } catch (error) {
    return { what, verdict: otherwise, text: (error as Error).message.trim(), hint: advice[what]! }
  }
}

function useFiles(directory: string): void {
  const path = join(directory, 'file')
  const file = openSync(path, 'a')
  writeSync(file, 'one')
  // Two writers at the same file's end, as a process and its child have it.
  writeFileSync(path, 'two', { flag: 'a' })
  writeSync(file, 'three')
  fsyncSync(file)
  closeSync(file)
  renameSync(path, join(directory, 'renamed'))
  const found = readFileSync(join(directory, 'renamed'), 'utf8')
  if (found !== 'onetwothree') throw new Error('appending to a file loses what another writer appended')
  const parent = openSync(directory, 'r')
  fsyncSync(parent)
  closeSync(parent)
}

function useLock(directory: string): void {
  const path = join(directory, 'lock.db')
  const first = new DatabaseSync(path, { timeout: 0 })
  const second = new DatabaseSync(path, { timeout: 0 })
  try {
    first.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;')
    let alsoLocked = true
    try {
      second.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;')
    } catch {
      alsoLocked = false
    }
    if (alsoLocked) throw new Error('two processes can hold the same lock')
  } finally {
    second.close()
    first.close()
  }
}

function punchHole(directory: string): void {
  const path = join(directory, 'holes')
  const length = 1024 * 1024
  mkdirSync(directory, { recursive: true })
  writeFileSync(path, Buffer.alloc(length, 1), { flush: true })
  const before = statSync(path).blocks
  const range = ['--offset', '0', '--length', String(length)]
  try {
    execFileSync('fallocate', ['--punch-hole', ...range, path], { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: Buffer }
    throw new Error(code === 'ENOENT' ? 'the command fallocate is missing' : String(stderr ?? error), { cause: error })
  }
  if (before > 0 && statSync(path).blocks >= before) throw new Error('the file system keeps the space of holes')
}

const [little, tooLittle] = [1024 ** 3, 64 * 1024 ** 2]

export async function checkDiskSpace(stateDirectory: string): Promise<Finding> {
  const { bavail, bsize, files, ffree } = await statfs(existingParent(stateDirectory))
  const free = bavail * bsize
  const what = 'disk space'
  const text = `${(free / 1024 ** 3).toFixed(1)} GB free`
  const hint = 'Free some space, or use another disk: --state DIR.'
  if (files > 0 && ffree < 1000) return { what, verdict: 'warn', text: `only ${ffree} files more can be made`, hint }
  if (free < tooLittle) return { what, verdict: 'fail', text, hint }
  return free < little ? { what, verdict: 'warn', text, hint } : { what, verdict: 'ok', text }
}
