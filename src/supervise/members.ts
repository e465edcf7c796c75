// All processes that belong to one run: its process, what that one started, and those who got away (a double fork,
// a session of their own), found by the mark in their environment or by the capture file they write to.
import { lifeOf, type ProcessIdentity } from './identity.ts'
import {
  bootId,
  hasProc,
  pidNamespace,
  readEnvironment,
  readTable,
  writesTo,
  type KnownFile,
  type ProcessStat,
} from './proc-table.ts'

/** What the processes of a run can be known by. */
export interface Trail {
  /** The value of LOGBOOM_RUN. */
  runId: string
  /** The run's own process; absent when the hub died before it could write it down. */
  identity?: ProcessIdentity
  /** Its capture files. */
  files: KnownFile[]
}

export const runVariable = 'LOGBOOM_RUN'

/** Living members, oldest first. Reads all of /proc: for starting and stopping, not for every second. */
export function findMembers(trail: Trail): ProcessIdentity[] {
  const leader = trail.identity
  if (!hasProc) return groupOf(leader)
  const table = readTable()
  // A leader of another boot or PID namespace says nothing about the numbers of this one.
  const since = leader && leader.bootId === bootId && leader.pidNamespace === pidNamespace ? leader.startTime : 0
  const namesake = table.find((stat) => stat.pid === leader?.pid)
  // The system does not give a number out again while a session bears it, so a stranger under it means: no such session.
  const sessionIsOurs = since > 0 && (!namesake || namesake.startTicks === since)
  const members = new Set<number>()
  const belongs = (stat: ProcessStat) => {
    const mark = readEnvironment(stat.pid, runVariable)
    // A hub that runs under this one has runs of its own, which are its business.
    if (mark !== undefined && mark !== trail.runId) return false
    if (mark === trail.runId || members.has(stat.parent)) return true
    return (sessionIsOurs && stat.session === leader?.pid) || writesTo(stat.pid, trail.files)
  }
  const candidates = table.filter((stat) => stat.startTicks >= since && stat.pid !== process.pid)
  for (const stat of candidates.sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid))
    if (belongs(stat)) members.add(stat.pid)
  return candidates
    .filter((stat) => members.has(stat.pid) && stat.state !== 'Z' && stat.state !== 'X')
    .map((stat) => ({ pid: stat.pid, startTime: stat.startTicks, bootId, pidNamespace }))
}

/** Without /proc only the process group can be known: it stands for its processes as one, signalled by its negative number. */
function groupOf(leader: ProcessIdentity | undefined): ProcessIdentity[] {
  const group = leader && { ...leader, pid: -leader.pid, startTime: 0 }
  return group && lifeOf(group) === 'alive' ? [group] : []
}

/** The process that leads a run, when the hub died before it could write it down. */
export function findLeader(trail: Trail): ProcessIdentity | undefined {
  const sessions = new Map(readTable().map((stat) => [stat.pid, stat.session]))
  return findMembers(trail).find((member) => sessions.get(member.pid) === member.pid)
}

/**
 * Tells whether anybody still writes to a run's capture files. Remembers who did, so that asking every second looks at
 * those few processes, and at all of them only when they are gone.
 */
export function watchWriters(trail: Trail): () => boolean {
  let writers: ProcessIdentity[] = []
  const writes = (member: ProcessIdentity) =>
    lifeOf(member) === 'alive' && (!hasProc || writesTo(member.pid, trail.files))
  return () => {
    writers = writers.filter(writes)
    if (writers.length === 0) writers = findMembers(trail).filter(writes)
    return writers.length > 0
  }
}
