// Everybody who belongs to a run, for people: what each is, what it uses, and who got away from the process that started it.
import { uptime } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessView } from '../../contracts/source-status.ts'
import { findMembers, type Trail } from './members.ts'
import { readCommand } from './command-line.ts'
import { hasProc, readStat, ticksPerSecond, type ProcessStat } from './proc-table.ts'

/** Processor time is what is spent between two looks. */
const betweenLooksMs = 500

/** Processes of a run, oldest first. Without /proc none can be told apart. */
export async function listProcesses(trail: Trail, run: number): Promise<ProcessView[]> {
  if (!hasProc) return []
  const before = new Map((await findMembers(trail)).map(({ pid }) => [pid, readStat(pid)]))
  const beganAt = performance.now()
  await sleep(betweenLooksMs)
  const stats = (await findMembers(trail)).flatMap(({ pid }) => readStat(pid) ?? [])
  const seconds = (performance.now() - beganAt) / 1000
  const pids = new Set(stats.map(({ pid }) => pid))
  const leader = trail.identity?.pid
  const bootedAt = Date.now() - uptime() * 1000
  return stats.map((stat): ProcessView => {
    const { pid, parent, session, memoryBytes } = stat
    const isAway = pid !== leader && (session !== leader || !pids.has(parent))
    return {
      pid,
      parent,
      run,
      command: readCommand(pid),
      startedAt: Math.round(bootedAt + (stat.startTicks / ticksPerSecond) * 1000),
      cpu: spent(stat, before.get(pid)) / seconds,
      memoryBytes,
      ...(isAway ? { escaped: true } : {}),
    }
  })
}

/** In seconds; of one that was not there before, since it began. */
function spent(now: ProcessStat, before: ProcessStat | undefined): number {
  const earlier = before?.startTicks === now.startTicks ? before.ownTicks : 0
  return (now.ownTicks - earlier) / ticksPerSecond
}
