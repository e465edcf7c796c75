// `logboom start|stop|restart NAME…` and `logboom scale NAME N`: what many processes are told at once.
import { receivedError } from '../../client/received-error.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { ControlAction } from '../../contracts/source.ts'
import type { ErrorBody, SourceView } from '../../wire/hub-view.ts'
import { findHub } from './find-hub.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { reportError } from '../report-error.ts'

const done = { start: 'started', stop: 'stopped', restart: 'restarted' } as const

/** Told of each source when all is done; where one failed, the exit code is not 0. */
export async function control(
  action: ControlAction,
  targets: string[],
  { all = false, ...place }: PlaceOptions & { all?: boolean },
): Promise<void> {
  if (!all && targets.length === 0) {
    const hint = `Name them: logboom ${action} api, 'web-*', @backend; or --all.`
    throw new LogboomError('request-invalid', `nothing to ${action} was named`, { hint })
  }
  if (all && targets.length > 0) {
    const hint = `Either logboom ${action} ${targets.join(' ')}, or logboom ${action} --all.`
    throw new LogboomError('request-invalid', '--all and names contradict each other', { hint })
  }
  const { client } = await findHub(place)
  for (const { name, source, error } of await client.controlMany({ action, targets, all })) {
    if (error) reportFailure(name, error)
    else console.log(`${name} ${outcome(action, source)}`)
  }
}

/** `logboom scale NAME N` */
export async function scale(name: string, instances: number, place: PlaceOptions): Promise<void> {
  const { client } = await findHub(place)
  const changes = await client.scale({ name, instances })
  for (const { name: instance, source, error } of changes) {
    if (error) reportFailure(instance, error)
    else console.log(`${instance} ${source ? `started${formatPid(source)}` : 'stopped'}`)
  }
  if (changes.length === 0) console.log(`${name} has ${instances} already`)
}

function outcome(action: ControlAction, source: SourceView | undefined): string {
  // Of many that were not named, those are not started now.
  const isScheduled = action !== 'stop' && source?.schedule?.nextAt !== undefined && source.pid === undefined
  if (isScheduled && source.state !== 'exited') return 'goes by its schedule'
  return `${done[action]}${formatPid(source)}`
}

function reportFailure(name: string, error: ErrorBody): void {
  process.exitCode = reportError(receivedError({ ...error, message: withName(name, error.message) }))
}

function formatPid({ pid }: Pick<SourceView, 'pid'> = {}): string {
  return pid === undefined ? '' : ` (PID ${pid})`
}

function withName(name: string, message: string): string {
  return message.includes(name) ? message : `${name}: ${message}`
}
