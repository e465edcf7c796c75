// Starts a process with a store in it (store-process.ts), plain or under strace, and takes down what it says.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import path from 'node:path'
import type { CommitOracle } from './commit-oracle.ts'
import { capturedAt, type NumberedCommit, type NumberedCommits } from './numbered-commits.ts'
import type { Said, StorePlan } from './store-process.ts'

export interface StoreRun {
  said: Said[]
  /** Resolves at its first word, and when it ends without one. */
  spoken: Promise<unknown>
  /** Resolves when it is gone; `signal` is that of the process itself, also under strace. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** `kill -9`. */
  kill(): void
}

const script = path.join(import.meta.dirname, 'store-process.ts')

/** `strace`: its arguments, when the process is to run under it. */
export function startStore(plan: StorePlan, { strace }: { strace?: readonly string[] } = {}): StoreRun {
  const command = [process.execPath, script, JSON.stringify(plan)]
  const [program, ...words] = strace ? ['strace', '-qq', ...strace, ...command] : command
  const child = spawn(program!, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Calls are counted per thread, and code that comes from a cache makes others than code that does not.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_DISABLE_COMPILE_CACHE: '1' },
  })
  const said: Said[] = []
  const lines = createInterface({ input: child.stdout })
  // A line cut short by the end of its writer says nothing.
  lines.on('line', (line) => line.endsWith('}') && said.push(JSON.parse(line) as Said))
  const [closed, exited] = [once(lines, 'close'), once(child, 'exit')]
  const spoken = Promise.race([once(lines, 'line'), closed])
  return {
    said,
    spoken,
    ended: (async () => {
      await closed
      const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null]
      return { code, signal }
    })(),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** Tells the oracle what was acknowledged, and returns what was under way in the end and may be there. */
export function takeDown(said: readonly Said[], commits: NumberedCommits, oracle: CommitOracle): NumberedCommit[] {
  let possible: NumberedCommit[] = []
  for (const each of said) {
    if (each.is === 'refused') possible = []
    if (each.is !== 'begun' && each.is !== 'acknowledged') continue
    const { number, attempt } = each
    const commit = commits.commit(number, attempt, capturedAt(number))
    if (each.is === 'acknowledged') oracle.acknowledge(commit)
    possible = each.is === 'begun' ? [commit] : []
  }
  return possible
}
