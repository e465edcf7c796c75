// File systems of a few megabytes, to be filled up and taken away under a running hub.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface SmallDisk {
  directory: string
  /** Takes all that is free, within milliseconds. */
  fill(): void
  /** Gives back what `fill` took. */
  free(): void
  freeBytes(): number
  /** Whoever still has files open there keeps them. */
  unmount(): void
}

/** A tmpfs of `megabytes`, or an ext4 in a file, mounted at `directory`. */
export function mountSmallDisk(directory: string, megabytes: number, kind: 'tmpfs' | 'ext4' = 'tmpfs'): SmallDisk {
  mkdirSync(directory, { recursive: true })
  const filler = path.join(directory, 'filler')
  const image = kind === 'ext4' ? mkdtempSync(path.join(tmpdir(), 'logboom-image-')) : undefined
  if (image === undefined) run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', directory)
  else {
    const file = path.join(image, 'ext4')
    run('truncate', '-s', `${megabytes}M`, file)
    run('mkfs.ext4', '-q', '-m', '0', file)
    run('mount', '-o', 'loop', file, directory)
  }
  return {
    directory,
    fill() {
      // Down to the last block, which is not always taken at the first go.
      for (const size of ['1M', '4k'])
        spawnSync('dd', ['if=/dev/zero', `of=${filler}`, `bs=${size}`, 'oflag=append', 'conv=notrunc', 'status=none'])
    },
    free: () => rmSync(filler, { force: true }),
    freeBytes() {
      const { bavail, bsize } = statfsSync(directory)
      return bavail * bsize
    },
    unmount() {
      run('umount', '-l', directory)
      if (image !== undefined) rmSync(image, { recursive: true })
    },
  }
}

/** `megabytes`: the new size of a tmpfs. */
export function remount(directory: string, mode: 'ro' | 'rw', { megabytes }: { megabytes?: number } = {}): void {
  run('mount', '-o', `remount,${mode}${megabytes === undefined ? '' : `,size=${megabytes}m`}`, directory)
}

/** Makes system calls on a file by a running process fail until `end`. */
export async function failCalls(
  pid: number,
  file: string,
  calls: string,
  error: string,
): Promise<{ end(): Promise<void> }> {
  const words = [
    '-f',
    '-q',
    '-p',
    String(pid),
    '-P',
    file,
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:error=${error}`,
  ]
  const strace: ChildProcess = spawn('strace', [...words, '-o', '/dev/null'], { stdio: 'ignore' })
  await once(strace, 'spawn')
  return {
    async end() {
      if (strace.exitCode !== null || strace.signalCode !== null) return
      const exit = once(strace, 'exit')
      strace.kill('SIGINT')
      await exit
    },
  }
}

function run(program: string, ...words: string[]): void {
  const { status, stderr } = spawnSync(program, words)
  assert.equal(status, 0, `${program} ${words.join(' ')}: ${stderr?.toString()}`)
}
