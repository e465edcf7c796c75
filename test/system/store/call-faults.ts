// Does something to one single system call of a real store process: kills the process in it, or makes it fail.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { checkStore } from './check-store.ts'
import { startStore } from './run-store.ts'
import type { StorePlan } from './store-process.ts'
import { callsOfStore, readTrace, traceInto } from './trace.ts'

export interface CallFault {
  call: string
  /** The how-manieth of the process. */
  when: number
  fault: 'signal=KILL' | 'error=EIO' | 'error=ENOSPC' | 'error=EROFS'
}

const plan: Omit<StorePlan, 'directory'> = { seed: 7, commits: 14, sealEvery: 4, sealsHere: true, attempt: 1 }

/** Every call on the store's files, with every fault. */
export async function findCallFaults(): Promise<CallFault[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'logboom-calls-'))
  try {
    const [directory, file] = [path.join(folder, 'store'), path.join(folder, 'trace')]
    await startStore({ ...plan, directory }, { strace: traceInto(file) }).ended
    const calls = readTrace(file)
    const ours = callsOfStore(calls, directory).filter(({ words }) => !words.startsWith('1,'))
    const thread = ours[0]!.thread
    assert.ok(ours.every((call) => call.thread === thread))
    const counts = new Map<string, number>()
    const faults = (['signal=KILL', 'error=EIO', 'error=ENOSPC', 'error=EROFS'] as const).map((fault) =>
      calls
        .filter((call) => call.thread === thread)
        .flatMap((call) => {
          const key = `${fault} ${call.name}`
          counts.set(key, (counts.get(key) ?? 0) + 1)
          return ours.includes(call) ? [{ call: call.name, when: counts.get(key)!, fault }] : []
        }),
    )
    return faults.flat()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const codes = { EIO: 'store-unwritable', EROFS: 'store-unwritable', ENOSPC: 'disk-full' }

/**
 * Runs a process with that fault, and throws unless it and what it leaves behind are as they must be. False when it met no call
 * on the store's files: a process does not always make as many others, such as those by which its threads wake each other.
 */
export async function meetCallFault(
  { call, when, fault }: CallFault,
  { isHasty = false }: { isHasty?: boolean } = {},
): Promise<boolean> {
  const folder = mkdtempSync(path.join(tmpdir(), 'logboom-calls-'))
  const [directory, trace] = [path.join(folder, 'store'), path.join(folder, 'trace')]
  // Neither -f, which counts in each thread, nor --seccomp-bpf, under which no signal comes. With the paths of descriptors.
  const strace = ['-y', '-e', `trace=${call}`, '-e', `inject=${call}:${fault}:when=${when}`, '-o', trace]
  const run = startStore({ ...plan, directory, isHasty }, { strace })
  try {
    const { code, signal } = await run.ended
    const isKilled = signal === 'SIGKILL' || code === 137
    const failed = readFileSync(trace, 'utf8')
      .split('\n')
      .find((line) => line.endsWith('(INJECTED)'))
    const isMet = isKilled || failed?.includes(folder) === true
    if (isKilled) assert.equal(fault, 'signal=KILL')
    else if (isMet) {
      const expected = codes[fault.slice('error='.length) as keyof typeof codes]
      for (const said of run.said) {
        if (said.is === 'refused') assert.equal(said.code, expected)
        if (said.is === 'failed') assert.equal(said.message, expected)
        if (said.is === 'warned')
          assert.match(said.message, /^(Sealing|Tidying) .* failed: |^disk-full$|^store-unwritable$/)
      }
      const isOpened = run.said.some(({ is }) => is === 'opened')
      if (isOpened) assert.deepEqual([code, run.said.at(-1)], [0, { is: 'done' }])
    }
    await checkStore(directory, plan.seed, run.said)
    return isMet
  } catch (cause) {
    const said = run.said.slice(-5).map((each) => JSON.stringify(each))
    throw new Error(`${fault} in ${call} ${when}, ${said.join(' ')}: ${String(cause)}`, { cause })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
