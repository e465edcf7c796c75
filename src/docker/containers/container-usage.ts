// Processor time and memory of a container, asked of the engine while somebody looks at it.
import type { EngineClient } from '../engine/engine-client.ts'

export interface Usage {
  /** Share of one core; absent until two looks make a difference. */
  cpu?: number
  memoryBytes?: number
}

export interface ContainerUsage {
  /** As it was at the last look; asks again where that was a while ago. */
  read(): Usage
}

/** Answer of `GET /containers/ID/stats`, as far as it is used. */
interface Stats {
  read: string
  cpu_stats?: { cpu_usage?: { total_usage?: number } }
  memory_stats?: { usage?: number; stats?: { inactive_file?: number; total_inactive_file?: number } }
}

const intervalMs = 2000

export function openContainerUsage(engine: EngineClient, id: string, changed: () => void): ContainerUsage {
  let usage: Usage = {}
  let last: { at: number; cpuNanoseconds: number } | undefined
  let askedAt = -Infinity

  async function ask(): Promise<void> {
    const stats = await engine.get<Stats>(`/containers/${id}/stats`, { stream: false, 'one-shot': true })
    const at = Date.parse(stats.read)
    const cpuNanoseconds = stats.cpu_stats?.cpu_usage?.total_usage ?? 0
    const memory = memoryOf(stats)
    usage = {
      ...(last && at > last.at && { cpu: Math.max(0, (cpuNanoseconds - last.cpuNanoseconds) / 1e6 / (at - last.at)) }),
      ...(memory !== undefined && { memoryBytes: memory }),
    }
    last = { at, cpuNanoseconds }
    changed()
  }

  return {
    read() {
      if (performance.now() - askedAt < intervalMs) return usage
      askedAt = performance.now()
      ask().catch(() => {
        // An engine that is gone is told of by who watches it.
        usage = {}
        last = undefined
      })
      return usage
    },
  }
}

/** As Docker's own command has it: without what the kernel would give back at once. */
function memoryOf({ memory_stats: { usage, stats = {} } = {} }: Stats): number | undefined {
  return usage === undefined ? undefined : usage - (stats.total_inactive_file ?? stats.inactive_file ?? 0)
}
