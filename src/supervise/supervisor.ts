// The state machine of one supervised process: start, stop, restart, adopt, and what to do when it ends by itself.
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LogboomError } from '../contracts/errors.ts'
import type { Source, SourceContext } from '../contracts/source.ts'
import type { RunExit, SourceState, SourceStatus } from '../contracts/source-status.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { attendChanges } from './watch/attend-changes.ts'
import { attendReadiness } from './attend-readiness.ts'
import { attendSchedule } from './attend-schedule.ts'
import { commandCheck, formatCommand } from './command.ts'
import { untilMet } from './dependencies.ts'
import { endRun } from './end-run.ts'
import { readProcessEnvironment } from './environment.ts'
import { signalGroup } from './process/identity.ts'
import { formatExit, lifecycleEntry } from './lifecycle-event.ts'
import type { ProcessOptions } from './process-options.ts'
import { listProcesses } from './process/list-processes.ts'
import { formatReady } from './readiness.ts'
import { isFailure, noHistory } from './restart-policy.ts'
import { openRestarts, type PlannedRestart } from './restarts.ts'
import { launchRun, recoverRun, type Run } from './run.ts'
import type { RunDetails } from './run-details.ts'
import { scheduleOf } from './schedule.ts'
import { watchUsage, type UsageWatch } from './process/usage.ts'

/** A new run waits so long for the old one's last lines, so that the log reads in order; then it goes on regardless. */
const lastWordsTimeoutMs = 5000

export async function openSupervisor(type: string, options: ProcessOptions, context: SourceContext): Promise<Source> {
  const runs = new Set<Run>()
  const command = formatCommand(options.command)
  const hasDependencies = Object.keys(options.dependsOn).length > 0
  const schedule = scheduleOf(options)
  const last = context.runs.last()
  let current: Run | undefined
  let runNumber = last?.run ?? 0
  let exit = (last?.details as RunDetails | undefined)?.exit
  let state: SourceState = 'stopped'
  let detail: string | undefined
  let restarts = 0
  let usage: UsageWatch | undefined
  let stopping = false
  let closing = false
  /** Ends waiting for others, which nobody wants any more. */
  let waiting = new AbortController()

  const show = (next: SourceState, why?: string) => {
    state = next
    detail = why
    context.changed()
  }
  const onTrouble = (message: string) => show(state, message)

  // What people press is done one after the other, in the order in which they pressed.
  let queue: Promise<unknown> = Promise.resolve()
  const enqueue = (work: () => Promise<void>): Promise<void> => {
    const done = queue.then(work)
    queue = done.catch(() => {})
    return done
  }

  const rules = schedule ? { ...options, restart: 'never' as const } : options
  const restarting = openRestarts(rules, context.now, (isStillPlanned) => {
    void enqueue(async () => {
      // A stop or start pressed meanwhile came first.
      if (isStillPlanned()) await start(restarts + 1).catch(() => {})
    })
  })

  const firings =
    schedule &&
    attendSchedule(schedule, options, context, {
      isBusy: () => current?.isAlive() ?? false,
      start: (firing) => enqueue(() => start(0, firing)).catch(() => {}),
      replace: (firing) => enqueue(() => stop().then(() => start(0, firing))).catch(() => {}),
      tell: (entry) => void tellNow(entry),
      lastFiring: (last?.details as RunDetails | undefined)?.firing,
    })

  const attach = (run: Run) => {
    current = run
    runNumber = run.number
    restarts = run.details.restarts
    runs.add(run)
    void run.over.then(() => runs.delete(run))
    if (!run.process) return
    usage?.close()
    usage = watchUsage(run.process.identity)
    void run.exited.then((how) => onExit(run, how))
  }

  /** Shows a run that lives, and once it is ready, that. */
  const showAlive = (run: Run, why?: string) => {
    const { ready } = options
    show(
      run.details.ready ? 'ready' : 'running',
      why ?? (ready && !run.details.ready ? `until ${formatReady(ready)}` : undefined),
    )
    if (!ready || run.details.ready) return
    const place = { directory: directory(), environment }
    void attendReadiness(run, ready, context, place).then((outcome) => {
      if (!outcome || run !== current || state !== 'running') return
      show(outcome.isReady ? 'ready' : 'running', outcome.why ?? why)
    })
  }

  const onExit = (run: Run, how: RunExit) => {
    if (run !== current) return
    usage?.close()
    usage = undefined
    exit = how
    if (run.details.stopRequested) show(stopping ? state : 'stopped', stopping ? detail : undefined)
    else restartOrStay(how, how.at - run.startedAt)
    firings?.runOver()
  }

  const restartOrStay = (how: RunExit, livedMs: number, why: string = formatExit(how, current?.adopted)) => {
    const planned = closing ? undefined : restarting.plan(how, livedMs)
    if (planned) showPlanned(planned, why)
    else show(isFailure(how) ? 'crashed' : 'exited', isFailure(how) ? why : undefined)
  }

  const showPlanned = ({ state: next, wait, entry }: PlannedRestart, why: string) => {
    show(next, `${why}; ${wait}`)
    const run = current
    run?.note({ history: restarting.history(), restartAt: restarting.at() })
    void run?.told.then(() => run.tell(entry))
  }

  /** Of whatever run there was last. */
  const tellNow = (entry: Entry) =>
    current?.tell(entry) ?? context.push({ run: runNumber, pid: 0 }, [entry]).catch(() => {})

  /** The next hub shall not make up for it. */
  const forgetRestart = () => {
    const cancelled = { history: noHistory, restartAt: undefined }
    if (current) return current.note(cancelled)
    const row = context.runs.last()
    if (row) context.runs.update(row.run, { ...row.details, ...cancelled })
  }

  const environment = () => readProcessEnvironment(options, context.name, context.baseDirectory)

  const directory = (): string => resolve(context.baseDirectory, options.cwd ?? '.')

  /** Returns whether it may be started now; rejects when it never may. */
  const waitForOthers = async (): Promise<boolean> => {
    const { signal } = (waiting = new AbortController())
    try {
      await untilMet(options.dependsOn, context, signal, (why) => show('starting', why))
      return true
    } catch (error) {
      if (signal.aborted) show('stopped')
      else show('crashed', (error as Error).message)
      if (!signal.aborted) throw error
      return false
    }
  }

  const start = async (count: number, firing?: number): Promise<void> => {
    restarting.cancel()
    show('starting')
    changes?.begin()
    if (hasDependencies && !(await waitForOthers())) return
    if (current) await Promise.race([current.told, sleep(lastWordsTimeoutMs, undefined, { ref: false })])
    if (closing) return show('stopped')
    const launch = {
      command: options.command,
      directory: directory(),
      stdin: options.stdin ?? (schedule ? 'empty' : 'open'),
      environment,
      restarts: count,
      history: restarting.history(),
      firing,
    }
    try {
      const run = await launchRun(context, launch, onTrouble)
      attach(run)
      showAlive(run)
    } catch (error) {
      current = undefined
      restarts = count
      runNumber = context.runs.last()?.run ?? runNumber
      const { code, message } = error as LogboomError
      // What a person must mend will not come by trying; a system short of memory or disk may well recover.
      if (['command-not-found', 'env-file-invalid', 'stdin-invalid'].includes(code)) show('crashed', message)
      else restartOrStay({ code: null, signal: null, at: context.now(), known: false }, 0, message)
      throw error
    }
  }

  const stop = async (): Promise<void> => {
    restarting.forget()
    if (restarting.cancel()) {
      show('stopped')
      forgetRestart()
      void current?.tell(lifecycleEntry('restart-cancelled', 'restart cancelled'))
    }
    const wasAlive = current?.isAlive() ?? false
    stopping = true
    try {
      if (wasAlive) show('stopping')
      await Promise.all([...runs].map((run) => endRun(run, options)))
      if (wasAlive || schedule || state === 'stopping') show('stopped')
    } catch (error) {
      onTrouble((error as Error).message)
      throw error
    } finally {
      stopping = false
    }
  }

  const isChanged = (run: RunDetails): boolean => {
    // Of a process that is not configured any more, only this is known.
    if (run.command === options.command) return false
    const check = run.commandCheck
    return run.command !== command || (check !== undefined && check !== commandCheck(options.command, run.runId))
  }

  const recover = () => {
    const rows = context.runs.open().sort((a, b) => a.run - b.run)
    const before = last?.details as RunDetails | undefined
    restarting.recall(before?.history ?? noHistory)
    for (const row of rows) {
      // Runs older than the newest are there because a grandchild may still write for them.
      const seen = (row.details as unknown as RunDetails).exit !== undefined
      const run = recoverRun(context, row, onTrouble)
      attach(run)
      if (row !== rows.at(-1)) continue
      const changed = isChanged(run.details) ? 'runs an earlier command; restart it to apply the new one' : undefined
      if (run.process) return showAlive(run, changed)
      exit = run.details.exit!
      if (run.details.stopRequested) return autostart()
      if (run.details.restartAt !== undefined) break
      const livedMs = exit.at - run.startedAt
      const planned = restarting.plan(exit, livedMs)
      if (planned?.state === 'crash-looping') return showPlanned(planned, formatExit(exit))
      // Without a hub it has waited long enough.
      if (planned) return void enqueue(() => start(restarts + 1)).catch(() => {})
      if (seen) return autostart()
      return show(exit.known && isFailure(exit) ? 'crashed' : 'exited', formatExit(exit))
    }
    if (schedule || before?.restartAt === undefined) return autostart()
    restarts = before.restarts
    const { state: next, wait } = restarting.planAt(before.restartAt)
    show(next, `${formatExit(before.exit!)}; ${wait}`)
  }

  const autostart = () => {
    restarting.forget()
    if (schedule && exit) return show(isFailure(exit) ? 'crashed' : 'exited', formatExit(exit))
    if (options.autostart && !schedule) enqueue(() => start(0)).catch(() => {})
  }

  const restartForChange = (entry: Entry) =>
    enqueue(async () => {
      if (closing || state === 'stopped') return
      void tellNow(entry)
      if (restarting.cancel()) forgetRestart()
      await stop()
      await start(restarts + 1)
    }).catch(() => {})

  const changes =
    options.watch &&
    attendChanges(
      { ...options.watch, directory: directory(), own: [dirname(context.captureDirectory)] },
      { restart: restartForChange, tell: (entry) => void tellNow(entry), changed: context.changed },
    )

  recover()
  changes?.begin()
  if (options.autostart) firings?.begin()
  // A first start is quick, and callers like to see its PID; one that waits for last words is not waited for.
  if (!current && !hasDependencies) await queue

  return {
    status: (): SourceStatus => {
      // What it uses is watched exactly as long as it lives.
      const process = usage && current?.process
      return {
        name: context.name,
        type,
        state,
        run: runNumber,
        pid: process?.pid,
        command,
        startedAt: current?.startedAt,
        exit,
        restarts,
        restartAt: restarting.at(),
        ...usage?.read(),
        adopted: process && current?.adopted ? true : undefined,
        saysReady: options.ready ? true : undefined,
        detail: [detail, changes?.fault()].filter((each) => each !== undefined).join('; ') || undefined,
        schedule: schedule && { text: schedule.text, nextAt: firings?.nextAt(), skipped: firings?.skipped() ?? 0 },
      }
    },

    control: async (action, { wholesale = false } = {}) => {
      if (closing) throw new LogboomError('not-running', 'the hub is closing')
      if (action !== 'start') waiting.abort()
      if (action === 'stop') firings?.end()
      else firings?.begin()
      await enqueue(async () => {
        if (action === 'stop') return stop()
        if (action === 'start' && current?.isAlive()) return
        const before = runNumber
        if (action === 'restart') await stop()
        if (wholesale && schedule) return
        restarting.forget()
        await start(action === 'restart' && before > 0 ? restarts + 1 : restarts)
      })
    },

    processes: async () => {
      const lists = [...runs].map((run) => listProcesses(run.trail, run.number))
      return (await Promise.all(lists)).flat()
    },

    kill: () => {
      for (const { process } of runs) if (process) signalGroup(process.identity, 'SIGKILL')
    },

    close: async ({ keep }) => {
      closing = true
      waiting.abort()
      changes?.close()
      firings?.close()
      await enqueue(async () => {
        restarting.cancel()
        const stopped = keep ? undefined : stop()
        // What cannot be ended is left to the next hub.
        if (keep) for (const run of runs) run.leave()
        await stopped?.catch(() => runs.forEach((run) => run.leave()))
        await Promise.all([...runs].map((run) => run.over))
        usage?.close()
      })
    },
  }
}
