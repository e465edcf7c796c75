// `logboom start|stop|restart NAME…`
import { suggestion } from '../config/nearest-name.ts'
import { LogboomError } from '../errors.ts'
import { findHub } from './find-hub.ts'
import type { PlaceOptions } from './program.ts'
import { reportError } from './report-error.ts'

const done = { start: 'started', stop: 'stopped', restart: 'restarted' } as const

/** All side by side; each that fails is told, and then the exit code is not 0. */
export async function control(action: keyof typeof done, names: string[], place: PlaceOptions): Promise<void> {
  const { client } = await findHub(place)
  const known = (await client.sources()).map(({ name }) => name)
  const wrong = names.find((name) => !known.includes(name))
  if (wrong !== undefined) {
    const guess = suggestion(wrong, known) || `; there are ${known.join(', ')}`
    throw new LogboomError('unknown-source', `there is no source "${wrong}"${guess}`)
  }
  const results = await Promise.allSettled(names.map((name) => client.control(name, action)))
  for (const [index, result] of results.entries()) {
    if (result.status === 'rejected') {
      process.exitCode = reportError(result.reason)
      continue
    }
    const { pid } = result.value
    console.log(`${names[index]} ${done[action]}${pid !== undefined && action !== 'stop' ? ` (PID ${pid})` : ''}`)
  }
}
