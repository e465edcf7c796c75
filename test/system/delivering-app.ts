// An application that logs numbered records to a file and to a hub: node delivering-app.ts OPTIONS, which are JSON. Prints a line when it
// has begun and another when all are logged.
import { openDelivery } from '../../logger/src/delivery/open-delivery.ts'
import { useDelivery } from '../../logger/src/delivery/way-to-hub.ts'
import { closeLoggers, getLogger, type LoggerOptions } from '../../logger/src/index.ts'

export interface DeliveringAppOptions {
  directory: string
  url: string
  token?: string
  /** First word of each message. */
  prefix: string
  records: number
  /** 0: all at once. */
  perSecond: number
  end: 'close' | 'exit' | 'stay' | 'drain'
  logger?: LoggerOptions
  maxSpoolBytes?: number
}

const options = JSON.parse(process.argv[2]!) as DeliveringAppOptions
const { directory, url, token, prefix, records, perSecond, end, maxSpoolBytes } = options
if (maxSpoolBytes !== undefined) useDelivery((usual) => openDelivery({ ...usual, maxSpoolBytes }))
const logger = getLogger('app', {
  logDir: directory,
  console: false,
  hub: { url, ...(token !== undefined && { token }) },
  ...options.logger,
})

let next = 0
function logDue(): void {
  const due =
    perSecond === 0 ? records : Math.min(records, Math.floor(((performance.now() - begin) / 1000) * perSecond))
  while (next < due) logger.info(`${prefix} n=${next++}`)
  if (next < records) setTimeout(logDue, 5)
  else void finish()
}

async function finish(): Promise<void> {
  process.stdout.write('all logged\n')
  if (end === 'exit') process.exit(0)
  if (end === 'close') await closeLoggers()
  if (end === 'stay') setInterval(() => {}, 1000)
}

process.stdout.write('begun\n')
const begin = performance.now()
logDue()
