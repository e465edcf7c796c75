// All processes that belong to one run: its process, what that one started, and those who got away (a double fork,
// a session of their own), found by the marks that they bear or by the capture file they write to.
import { lifeOf, type ProcessIdentity } from './identity.ts'
import {
  bootId,
  hasProc,
  pidNamespace,
  readStat,
  readTable,
  writesTo,
  type KnownFile,
  type ProcessStat,
} from './proc-table.ts'
import { hasLimitOf, readMark } from './run-mark.ts'

/** Marks by which the processes of a run are known. */
export interface Trail {
  /** The value of LOGBOOM_RUN. */
  runId: string
  /** The run's own process; absent when the hub died before it could write it down. */
  identity?: ProcessIdentity
  files: KnownFile[]
}

export interface Member extends ProcessIdentity {
  /** Of its process group. */
  group: number
}

/** All processes, and their marks as far as somebody asked. */
export interface Look {
  table: ProcessStat[]
  markOf(pid: number): string | undefined
}

let nextLook: Promise<Look> | undefined

/** Taken after it was asked for, and shared by all who asked: fifty processes stopped together cost one and not fifty. */
function lookSoon(): Promise<Look> {
  return (nextLook ??= new Promise((resolve) => {
    setImmediate(() => {
      nextLook = undefined
      resolve(takeLook())
    })
  }))
}

function takeLook(): Look {
  const marks = new Map<number, string | undefined>()
  const markOf = (pid: number) => {
    if (!marks.has(pid)) marks.set(pid, readMark(pid))
    return marks.get(pid)
  }
  return { table: readTable(), markOf }
}

/** Living members, oldest first. Reads all of /proc: for starting and stopping, not for every second. */
export async function findMembers(trail: Trail): Promise<Member[]> {
  return hasProc ? membersIn(await lookSoon(), trail) : groupOf(trail.identity)
}

export function membersIn({ table, markOf }: Look, trail: Trail): Member[] {
  const leader = trail.identity
  // A leader of another boot or PID namespace says nothing about the numbers of this one.
  const since = leader && leader.bootId === bootId && leader.pidNamespace === pidNamespace ? leader.startTime : 0
  const namesake = table.find((stat) => stat.pid === leader?.pid)
  // The system does not give a number out again while a session bears it, so a stranger under it means: no such session.
  const sessionIsOurs = since > 0 && (!namesake || namesake.startTicks === since)
  // Every run has left the hub's session, and nobody comes back to it: who is there, and writes to a capture file, is the
  // storage's helper that makes room in it.
  const ownSession = table.find((stat) => stat.pid === process.pid)?.session
  const candidates = table
    .filter((stat) => stat.startTicks >= since && stat.session !== ownSession)
    .sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid)
  const children = Map.groupBy(candidates, (stat) => stat.parent)
  const members = new Set<number>()
  const add = (stat: ProcessStat) => {
    const mark = markOf(stat.pid)
    // A hub that runs under this one has runs of its own, which are its business.
    if (members.has(stat.pid) || (mark !== undefined && mark !== trail.runId)) return
    members.add(stat.pid)
    children.get(stat.pid)?.forEach(add)
  }
  const belongs = (stat: ProcessStat) =>
    markOf(stat.pid) === trail.runId ||
    (sessionIsOurs && stat.session === leader?.pid) ||
    hasLimitOf(stat.pid, trail.runId) ||
    writesTo(stat.pid, trail.files)
  for (const stat of candidates) if (!members.has(stat.pid) && belongs(stat)) add(stat)
  return candidates
    .filter((stat) => members.has(stat.pid) && stat.state !== 'Z' && stat.state !== 'X')
    .map((stat) => ({ pid: stat.pid, startTime: stat.startTicks, bootId, pidNamespace, group: stat.group }))
}

/** Without /proc only the process group can be known: it stands for its processes as one, signalled by its negative number. */
function groupOf(leader: ProcessIdentity | undefined): Member[] {
  const group = leader && { ...leader, pid: -leader.pid, startTime: 0, group: leader.pid }
  return group && lifeOf(group) === 'alive' ? [group] : []
}

/** The process that leads a run, when the hub died before it could write it down. */
export function findLeader(trail: Trail): ProcessIdentity | undefined {
  const look = takeLook()
  const leaders = new Set(look.table.filter((stat) => stat.session === stat.pid).map((stat) => stat.pid))
  return membersIn(look, trail).find((member) => leaders.has(member.pid))
}

/** The process that writes to the files and began first. */
export function findWriter(files: readonly KnownFile[]): number | undefined {
  const own = readStat(process.pid)?.session
  return readTable()
    .filter(({ pid, session }) => session !== own && writesTo(pid, files))
    .sort((a, b) => a.startTicks - b.startTicks)[0]?.pid
}

export interface Rest {
  /** Whether anybody can still write to the run's capture files. */
  writes(): Promise<boolean>
  lives(): Promise<boolean>
}

/**
 * Looks for processes that are left of a run. Remembers those that did what was asked, so that asking every second looks at those few processes, and
 * at all of them only when they are gone.
 */
export function watchRest(trail: Trail): Rest {
  let rest: ProcessIdentity[] = []
  const lives = (member: ProcessIdentity) => lifeOf(member) === 'alive'
  const writes = (member: ProcessIdentity) => lives(member) && (!hasProc || writesTo(member.pid, trail.files))
  const anybody = async (does: (member: ProcessIdentity) => boolean) => {
    rest = rest.filter(does)
    if (rest.length === 0) rest = (await findMembers(trail)).filter(does)
    return rest.length > 0
  }
  return { writes: () => anybody(writes), lives: () => anybody(lives) }
}
