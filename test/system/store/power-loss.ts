// Records the calls of a real store process, and rebuilds its directory as a disk may leave it when power is lost after any
// of them.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { checkStore } from './check-store.ts'
import { startStore } from './run-store.ts'
import { seededRandom } from './seeded-random.ts'
import { openSimulatedDisk } from './simulated-disk.ts'
import { callsOfStore, readTrace, replay, traceInto, type TracedCall } from './trace.ts'

export interface Recording {
  seed: number
  commits: number
  directory: string
  calls: TracedCall[]
}

/** `inject`: what strace shall do to the calls. */
export async function recordStore(seed: number, commits: number, inject: readonly string[] = []): Promise<Recording> {
  const folder = mkdtempSync(path.join(tmpdir(), 'logboom-power-'))
  try {
    const [directory, file] = [path.join(folder, 'store'), path.join(folder, 'trace')]
    const run = startStore(
      { directory, seed, commits, sealEvery: 9, attempt: 1 },
      { strace: [...traceInto(file), ...inject] },
    )
    assert.deepEqual(await run.ended, { code: 0, signal: null })
    assert.deepEqual(run.said.at(-1), { is: 'done' })
    return { seed, commits, directory, calls: callsOfStore(readTrace(file), directory) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Loses power after `cut` calls; what was not synced is there as `variant` has it. Returns how many commits were found. */
export async function losePower({ seed, directory, calls }: Recording, cut: number, variant: number): Promise<number> {
  const disk = openSimulatedDisk(seededRandom(cut, variant))
  const said = replay(calls.slice(0, cut), disk, directory)
  disk.crash('power')
  const folder = mkdtempSync(path.join(tmpdir(), 'logboom-power-'))
  try {
    for (const [file, bytes] of disk.files()) {
      const copy = path.join(folder, path.relative(directory, file))
      mkdirSync(path.dirname(copy), { recursive: true })
      writeFileSync(copy, bytes)
    }
    return await checkStore(folder, seed, said)
  } catch (cause) {
    const { name, texts } = calls[cut - 1]!
    const where = `seed ${seed}: power lost after call ${cut}, ${name}(${String(texts[0]).slice(0, 200)}), variant ${variant}`
    throw new Error(`${where}: ${String(cause)}`, { cause })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
