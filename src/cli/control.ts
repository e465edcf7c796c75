// `logboom start|stop|restart NAME…`
import { receivedError } from '../client/received-error.ts'
import { LogboomError } from '../errors.ts'
import type { ControlAction } from '../source.ts'
import { findHub } from './find-hub.ts'
import type { PlaceOptions } from './program.ts'
import { reportError } from './report-error.ts'

const done = { start: 'started', stop: 'stopped', restart: 'restarted' } as const

/** What is told of each comes when all is done; where one failed, the exit code is not 0. */
export async function control(
  action: ControlAction,
  targets: string[],
  { all = false, ...place }: PlaceOptions & { all?: boolean },
): Promise<void> {
  if (!all && targets.length === 0) {
    const hint = `Name them: logboom ${action} api, 'web-*', @backend; or --all.`
    throw new LogboomError('request-invalid', `nothing to ${action} was named`, { hint })
  }
  const { client } = await findHub(place)
  for (const { name, source, error } of await client.controlMany({ action, targets, all })) {
    if (error) process.exitCode = reportError(receivedError({ ...error, message: withName(name, error.message) }))
    else console.log(`${name} ${done[action]}${source.pid === undefined ? '' : ` (PID ${source.pid})`}`)
  }
}

function withName(name: string, message: string): string {
  return message.includes(name) ? message : `${name}: ${message}`
}
