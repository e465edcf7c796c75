// The logger in a process of its own, with a hub or without: CPU of the main thread for a call, and what delivery adds to the memory. Arguments: directory,
// format, address of the hub or nothing.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { closeLoggers, getLogger } from '../../logger/src/index.ts'

export interface DeliveryTimes {
  /** Nanoseconds of CPU for a call. */
  string: number
  object: number
  residentMb: number
}

const [directory = '', format = 'text', url = ''] = process.argv.slice(2)
const logger = getLogger('bench', {
  logDir: directory,
  console: false,
  format: format as 'text' | 'json',
  maxSize: '1GB',
  hub: url === '' ? false : { url },
})
const cases = {
  string: () => logger.info('hello world'),
  object: () => logger.info({ hello: 'world', user: 'ann', ms: 3 }, 'paid'),
}
const turns = 60
const callsOfTurn = 500

const times: Record<string, number> = {}
for (const [name, call] of Object.entries(cases)) {
  for (let i = 0; i < 5000; i++) call()
  await logger.flush()
  let spentUs = 0
  for (let turn = 0; turn < turns; turn++) {
    const before = process.threadCpuUsage()
    for (let i = 0; i < callsOfTurn; i++) call()
    // What is posted and told between the turns counts, too.
    await nextTurn()
    const { user, system } = process.threadCpuUsage(before)
    spentUs += user + system
  }
  times[name] = (spentUs * 1000) / (turns * callsOfTurn)
}
console.log(JSON.stringify({ ...times, residentMb: process.memoryUsage().rss / 1e6 } as DeliveryTimes))
await closeLoggers()
