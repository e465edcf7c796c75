// A supervised process: the rule (state/next-state.ts) decides, actions do it, and here is what orders come from: people, the
// clock, changed files.
import { dirname } from 'node:path'
import { LogboomError } from '../contracts/errors.ts'
import type { Source, SourceContext } from '../contracts/source.ts'
import type { SourceStatus } from '../contracts/source-status.ts'
import { formatCommand } from './command.ts'
import { directoryOf, openPerformer } from './perform-actions.ts'
import type { ProcessOptions } from './process-options.ts'
import { openProcessRuns } from './process-runs.ts'
import { formatReady } from './readiness.ts'
import type { RunDetails } from './run-details.ts'
import { attendSchedule } from './schedule/attend-schedule.ts'
import { scheduleOf } from './schedule/schedule.ts'
import { driveState, type StateDriver } from './state/drive-state.ts'
import { attendChanges } from './watch/attend-changes.ts'

export async function openSupervisor(type: string, options: ProcessOptions, context: SourceContext): Promise<Source> {
  const command = formatCommand(options.command)
  const schedule = scheduleOf(options)
  const lastFiring = (context.runs.last()?.details as RunDetails | undefined)?.firing

  const runs = openProcessRuns(options, context, {
    onExit(run, exit) {
      const livedMs = exit.at - run.startedAt
      const isRequested = run.details.stopRequested ?? false
      driver.happened({ type: 'exited', run: run.number, exit, livedMs, isRequested, isAdopted: run.adopted })
    },
    onTrouble: (message) => driver.happened({ type: 'troubled', message }),
  })
  const isAlive = (): boolean => runs.current()?.isAlive() ?? false
  const perform = openPerformer(options, context, runs, {
    happened: (event) => driver.happened(event),
    onStart: () => changes?.begin(),
  })
  const driver: StateDriver = driveState({
    rules: {
      ...options,
      hasSchedule: schedule !== undefined,
      untilReady: options.ready && `until ${formatReady(options.ready)}`,
    },
    see: () => ({ now: context.now(), chance: Math.random(), isAlive: isAlive() }),
    perform,
    changed: context.changed,
    // A firing may wait for a run, or for a start that came to nothing.
    rested: () => void (isAlive() || firings?.runOver()),
  })
  const fire = (firing: number, isReplacing: boolean): Promise<void> =>
    driver.order({ want: 'fire', firing, isReplacing }).catch(() => {})
  const firings =
    schedule &&
    attendSchedule(schedule, options, context, {
      // A start that somebody has just asked for counts, too.
      isBusy: () => isAlive() || driver.state().task !== undefined,
      start: (firing) => fire(firing, false),
      replace: (firing) => fire(firing, true),
      tell: runs.tell,
      lastFiring,
    })
  const changes =
    options.watch &&
    attendChanges(
      { ...options.watch, directory: directoryOf(options, context), own: [dirname(context.captureDirectory)] },
      {
        restart: (entry) => driver.order({ want: 'restart-because', entry }).catch(() => {}),
        tell: runs.tell,
        changed: context.changed,
      },
    )

  driver.happened({ type: 'found', newest: runs.recover() })
  changes?.begin()
  if (options.autostart) firings?.begin()
  // A first start is quick, and callers like to see its PID; one that waits for last words is not waited for.
  if (!runs.current() && Object.keys(options.dependsOn).length === 0) await driver.idle()

  function status(): SourceStatus {
    const { shown, detail, run, exit, restarts, restartAt } = driver.state()
    const current = runs.current()
    const usage = runs.usage()
    return {
      name: context.name,
      type,
      state: shown,
      run,
      pid: usage && current?.process?.pid,
      command,
      startedAt: current?.startedAt,
      exit,
      restarts,
      restartAt,
      ...usage,
      adopted: usage && current?.adopted ? true : undefined,
      saysReady: options.ready ? true : undefined,
      detail: [detail, changes?.fault()].filter((each) => each !== undefined).join('; ') || undefined,
      schedule: schedule && { text: schedule.text, nextAt: firings?.nextAt(), skipped: firings?.skipped() ?? 0 },
    }
  }

  return {
    status,
    async control(action, { wholesale: isWholesale = false } = {}) {
      if (driver.state().isClosing) throw new LogboomError('not-running', 'the hub is closing')
      if (action === 'stop') firings?.end()
      else firings?.begin()
      await driver.order(action === 'stop' ? { want: action } : { want: action, isWholesale })
    },
    processes: runs.processes,
    kill: runs.kill,
    async close({ keep, signal }) {
      changes?.close()
      firings?.close()
      await driver.order({ want: 'close', keep, signal })
    },
  }
}
