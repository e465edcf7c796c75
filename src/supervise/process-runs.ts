// The runs of one process: the newest, and earlier ones that somebody may still write for. Apart from the supervisor, which
// decides what happens with them.
import type { SourceContext } from '../contracts/source.ts'
import type { ProcessView, RunExit } from '../contracts/source-status.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { isSameCommand } from './command.ts'
import { endRun } from './end-run.ts'
import { signalGroup } from './process/identity.ts'
import { listProcesses } from './process/list-processes.ts'
import { watchUsage, type UsageWatch } from './process/usage.ts'
import type { ProcessOptions } from './process-options.ts'
import { noHistory, type RestartHistory } from './restart-policy.ts'
import { launchRun, recoverRun, type Launch, type Run } from './run.ts'
import type { RunDetails } from './run-details.ts'
import type { NewestRun } from './state/supervisor-state.ts'

export interface ProcessRuns {
  /** The newest; undefined before the first, and after a start that failed. */
  current(): Run | undefined
  /** Processor time and memory, while the newest run lives. */
  usage(): ReturnType<UsageWatch['read']> | undefined
  launch(launch: Launch): Promise<Run>
  /** Takes up what an earlier hub left open. */
  recover(): NewestRun | undefined
  /** Puts an entry into the log under the newest run, whether it lives or not. */
  tell(entry: Entry): void
  /** Notes a planned restart for the next hub, and tells it behind the last words. */
  noteRestart(planned: { history: RestartHistory; restartAt: number; entry: Entry }): void
  forgetRestart(): void
  /** Ends everybody, with `firstSignal` first; rejects with `stop-failed`. */
  stop(firstSignal?: NodeJS.Signals): Promise<void>
  kill(): void
  /** Resolves when all runs are over; those that are left are so at once. */
  close(isLeaving: boolean): Promise<void>
  processes(): Promise<ProcessView[]>
}

interface Watcher {
  onExit(run: Run, exit: RunExit): void
  onTrouble(message: string): void
}

export function openProcessRuns(
  options: ProcessOptions,
  context: SourceContext,
  { onExit, onTrouble }: Watcher,
): ProcessRuns {
  const runs = new Set<Run>()
  let current: Run | undefined
  let usage: UsageWatch | undefined

  function keep(run: Run): Run {
    runs.add(run)
    void run.over.then(() => runs.delete(run))
    return run
  }

  function attach(run: Run): Run {
    current = keep(run)
    if (!run.process) return run
    usage?.close()
    usage = watchUsage(run.process.identity)
    void run.exited.then((exit) => {
      if (run === current) endUsage()
      onExit(run, exit)
    })
    return run
  }

  function endUsage(): void {
    usage?.close()
    usage = undefined
  }

  function recover(): NewestRun | undefined {
    const newest = context.runs.last()
    const open = context.runs.open().sort((a, b) => a.run - b.run)
    // Of earlier runs a grandchild may still write.
    for (const row of open) if (row.run !== newest?.run) keep(recoverRun(context, row, onTrouble))
    const row = open.find(({ run }) => run === newest?.run)
    const before = (row ?? newest)?.details as RunDetails | undefined
    if (!newest || !before) return undefined
    const wasSeenEnding = before.exit !== undefined
    const run = row && attach(recoverRun(context, row, onTrouble))
    const details = run?.details ?? before
    const difference = isSameCommand(options.command, details)
      ? undefined
      : 'runs an earlier command; restart it to apply the new one'
    const { startedAt } = newest
    return { run: newest.run, startedAt, details, isOpen: row !== undefined, wasSeenEnding, difference }
  }

  return {
    current: () => current,
    usage: () => usage?.read(),
    async launch(launch) {
      try {
        return attach(await launchRun(context, launch, onTrouble))
      } catch (error) {
        current = undefined
        throw error
      }
    },
    recover,
    tell(entry) {
      const run = context.runs.last()?.run ?? 0
      void (current?.tell(entry) ?? context.push({ run, pid: 0 }, [entry]).catch(() => {}))
    },
    noteRestart({ history, restartAt, entry }) {
      const run = current
      run?.note({ history, restartAt })
      void run?.told.then(() => run.tell(entry))
    },
    forgetRestart() {
      const cancelled = { history: noHistory, restartAt: undefined }
      if (current) return current.note(cancelled)
      const row = context.runs.last()
      if (row) context.runs.update(row.run, { ...row.details, ...cancelled })
    },
    async stop(firstSignal) {
      await Promise.all([...runs].map((run) => endRun(run, options, firstSignal)))
    },
    kill() {
      for (const { process } of runs) if (process) signalGroup(process.identity, 'SIGKILL')
    },
    async close(isLeaving) {
      if (isLeaving) for (const run of runs) run.leave()
      await Promise.all([...runs].map((run) => run.over))
      endUsage()
    },
    async processes() {
      return (await Promise.all([...runs].map((run) => listProcesses(run.trail, run.number)))).flat()
    },
  }
}
