// Processor time and memory of whole process trees, from one look at the process table for all of them together.
import type { ProcessIdentity } from './identity.ts'
import { hasProc, readTable, ticksPerSecond, type ProcessStat } from './proc-table.ts'

export interface Usage {
  /** Share of one core; undefined until two looks make a difference. */
  cpu?: number
  memoryBytes?: number
}

export interface UsageWatch {
  read(): Usage
  close(): void
}

interface Tree {
  root: ProcessIdentity
  /** PID → start, of all that were once seen in the tree, so that who leaves it stays accounted for. */
  known: Map<number, number>
  ticks?: number
  usage: Usage
}

const firstDelayMs = 300
/** `unread`: while nobody has asked for so long. */
const intervalMs = { read: 2000, unread: 10_000 }
/** A machine with many thousand processes is looked at less often: at most this share of our time goes into looking. */
const budget = 0.005

const trees = new Set<Tree>()
let timer: NodeJS.Timeout | undefined
let lastAt = 0
let readAt = 0

export function watchUsage(root: ProcessIdentity): UsageWatch {
  const tree: Tree = { root, known: new Map(), usage: {} }
  if (hasProc) {
    trees.add(tree)
    timer ??= schedule(firstDelayMs)
  }
  return {
    read() {
      noteReader()
      return tree.usage
    },
    close: () => void trees.delete(tree),
  }
}

/** The first one for a while gets fresh figures soon. */
function noteReader(): void {
  const isFirst = performance.now() - readAt > intervalMs.unread
  readAt = performance.now()
  if (!isFirst || timer === undefined) return
  clearTimeout(timer)
  timer = schedule(firstDelayMs)
}

function schedule(delayMs: number): NodeJS.Timeout {
  return setTimeout(sample, delayMs).unref()
}

function sample(): void {
  timer = undefined
  if (trees.size === 0) return
  const spentBefore = process.threadCpuUsage()
  const now = performance.now()
  const seconds = (now - lastAt) / 1000
  lastAt = now
  const table = readTable()
  const children = Map.groupBy(table, (stat) => stat.parent)
  const sessions = Map.groupBy(table, (stat) => stat.session)
  const byPid = new Map(table.map((stat) => [stat.pid, stat]))
  for (const tree of trees) {
    const isThere = byPid.get(tree.root.pid)?.startTicks === tree.root.startTime
    const members = isThere ? membersOf(tree, byPid, children, sessions) : []
    tree.known = new Map(members.map((stat) => [stat.pid, stat.startTicks]))
    // A child's time moves to its parent when it ends, so the sum over the tree only grows, or one left unseen.
    const ticks = members.reduce((sum, stat) => sum + stat.ticks, 0)
    const spent = tree.ticks === undefined ? undefined : Math.max(0, ticks - tree.ticks)
    tree.ticks = ticks
    tree.usage = { memoryBytes: members.reduce((sum, stat) => sum + stat.memoryBytes, 0) }
    if (spent !== undefined) tree.usage.cpu = spent / ticksPerSecond / seconds
  }
  // Our own processor time, not the clock: on a machine that is busy with others we would hardly ever look.
  const { user, system } = process.threadCpuUsage(spentBefore)
  const isRead = performance.now() - readAt <= intervalMs.unread
  timer = schedule(Math.max(isRead ? intervalMs.read : intervalMs.unread, (user + system) / 1000 / budget))
}

type Groups = Map<number, ProcessStat[]>

function membersOf(tree: Tree, byPid: Map<number, ProcessStat>, children: Groups, sessions: Groups): ProcessStat[] {
  const members = new Set<ProcessStat>()
  const waiting = [...(sessions.get(tree.root.pid) ?? [])]
  const root = byPid.get(tree.root.pid)
  if (root) waiting.push(root)
  for (const [pid, startTicks] of tree.known) {
    const stat = byPid.get(pid)
    if (stat?.startTicks === startTicks) waiting.push(stat)
  }
  for (let stat = waiting.pop(); stat; stat = waiting.pop()) {
    if (members.has(stat)) continue
    members.add(stat)
    waiting.push(...(children.get(stat.pid) ?? []))
  }
  return [...members]
}
