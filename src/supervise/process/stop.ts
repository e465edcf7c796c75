// Ends a run with all its processes: politely to the group, then to those who got away, and by force when the grace is over.
import { setTimeout as sleep } from 'node:timers/promises'
import { LogboomError } from '../../contracts/errors.ts'
import { lifeOf, signalGroup, signalProcess, type ProcessIdentity } from './identity.ts'
import { findMembers, type Member, type Trail } from './members.ts'

export interface StopRequest {
  trail: Trail
  /** False once the run's own process is dead. */
  isAlive(): boolean
  /** For the group of the run's own process. */
  firstSignal: NodeJS.Signals
  /** For those who are left when that process is gone. */
  signal: NodeJS.Signals
  /** How long they may take to end by themselves. */
  timeoutMs: number
  /** The grace is over, and force is about to be used on so many processes. */
  onForce(count: number): void
}

const pollIntervalMs = 20
/** Nothing survives SIGKILL, but a process stuck in the kernel dies only when it returns from there. */
const forceTimeoutMs = 5000

export async function stopRun({ trail, isAlive, firstSignal, signal, timeoutMs, onForce }: StopRequest): Promise<void> {
  const deadline = performance.now() + timeoutMs
  const leader = trail.identity
  // Before their parents are gone, who are what some of them are known by.
  const known = isAlive() ? await findMembers(trail) : []
  const find = async (): Promise<Member[]> => {
    const found = await findMembers(trail)
    const isNew = ({ pid }: Member) => !found.some((member) => member.pid === pid)
    return [...found, ...known.filter((member) => isNew(member) && lives(member))]
  }
  const asked = leader && isAlive() ? leader.pid : undefined
  if (leader && asked) {
    signalGroup(leader, firstSignal)
    // A suspended process would not see the signal before it goes on.
    signalGroup(leader, 'SIGCONT')
    await until(() => !isAlive(), deadline)
  }
  // A process that leads others often ends them in an order of its own, so they are asked only once it is gone.
  let members = await find()
  if (!isAlive() && members.length > 0) {
    // Asking twice would be rude: to many programs a second signal means "at once". But what a shell runs in the background
    // ignores a Ctrl-C that was passed on.
    const isAsked = ({ group }: Member): boolean => group === asked && signal === firstSignal
    for (const member of members.filter((each) => !isAsked(each))) {
      signalProcess(member, signal)
      signalProcess(member, 'SIGCONT')
    }
    await until(() => !members.some(lives), deadline)
    members = await find()
  }
  if (members.length === 0 && !isAlive()) return
  onForce(members.length)
  const end = performance.now() + forceTimeoutMs
  do {
    if (leader && isAlive()) signalGroup(leader, 'SIGKILL')
    for (const member of members) signalProcess(member, 'SIGKILL')
    await until(() => !members.some(lives) && !isAlive(), end)
    // Processes that were born while we killed.
    members = await find()
  } while ((members.length > 0 || isAlive()) && performance.now() < end)
  if (members.length > 0 || isAlive()) {
    const pids = members.map((member) => member.pid).join(', ') || leader?.pid
    throw new LogboomError('stop-failed', `still there after SIGKILL: PID ${pids}`)
  }
}

function lives(member: ProcessIdentity): boolean {
  return lifeOf(member) === 'alive'
}

async function until(condition: () => boolean, deadline: number): Promise<void> {
  while (!condition() && performance.now() < deadline) await sleep(pollIntervalMs)
}
