// From the write of a line by a supervised process to its arrival at a follower in another process.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { startHub } from '../test/hub-process.ts'
import { printTable } from './table.ts'

const generator = new URL('./generator.mjs', import.meta.url).pathname
const follower = new URL('./follower.ts', import.meta.url).pathname

interface Followed {
  lines: number
  disorder: number
  p50: number
  p99: number
  max: number
  /** p99 without the first second, in which hub and follower run their code for the first time. */
  warmP99: number
  warmMax: number
}

export interface FollowedGenerator extends Followed {
  seconds: number
  cpuSeconds: number
  memory: { now: number; peak: number }
}

/** Starts the generator under a hub with a follower looking on, and waits for the follower's result. */
export async function followGenerator(rate: number, count: number): Promise<FollowedGenerator> {
  const hub = await startHub({
    processes: {
      generator: {
        command: [process.execPath, generator, String(rate), String(count)],
        restart: 'never',
        autostart: false,
      },
    },
  })
  try {
    const child = spawn(process.execPath, [follower, hub.url, '120000'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    await lines.next()
    const cpuBefore = hub.cpuSeconds()
    const startedAt = performance.now()
    await hub.command('start', 'generator')
    const followed = JSON.parse((await lines.next()).value as string) as Followed
    const seconds = (performance.now() - startedAt) / 1000
    return { ...followed, seconds, cpuSeconds: hub.cpuSeconds() - cpuBefore, memory: hub.memoryMb() }
  } finally {
    await hub.close()
  }
}

export async function latency(): Promise<void> {
  const rows: Record<string, string | number>[] = []
  for (const [rate, count] of [
    [20, 200],
    [1000, 8000],
    [10_000, 80_000],
    [50_000, 400_000],
  ] as const) {
    const { p50, p99, max, warmP99, warmMax, lines, disorder, cpuSeconds, seconds, memory } = await followGenerator(
      rate,
      count,
    )
    rows.push({
      'lines/s': rate,
      'p50 ms': p50,
      'p99 ms': p99,
      'max ms': max,
      'p99 after 1 s': warmP99,
      'max after 1 s': warmMax,
      lost: count - lines,
      'out of order': disorder,
      'hub CPU %': (100 * cpuSeconds) / seconds,
      'hub peak MB': memory.peak,
    })
  }
  printTable('Write to follower (another process, WebSocket)', rows)
}
