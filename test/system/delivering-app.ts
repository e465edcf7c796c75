// An application that logs numbered records to a file and to a hub: node delivering-app.ts OPTIONS, which are JSON. Prints a line when it
// has begun and another when all are logged.
import { fstatSync, mkdirSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { openDelivery } from '../../logger/src/delivery/open-delivery.ts'
import { createTimeStamp } from '../../src/time/clock.ts'

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
  hasLogFile?: boolean
  maxSpoolBytes?: number
}

const options = JSON.parse(process.argv[2]!) as DeliveringAppOptions
const { directory, url, token, prefix, records, perSecond, end, hasLogFile = true, maxSpoolBytes } = options
mkdirSync(directory, { recursive: true })
const logFile = path.join(directory, 'app.log')
const descriptor = openSync(logFile, 'a')
const stamp = createTimeStamp({ utc: false })
let length = fstatSync(descriptor).size
const delivery = openDelivery({
  url,
  token,
  source: 'app',
  spoolDirectory: path.join(directory, 'app.spool'),
  logFile: hasLogFile ? logFile : undefined,
  ...(maxSpoolBytes ? { maxSpoolBytes } : {}),
})
process.on('exit', () => delivery.flushSync())

let next = 0
function logOne(): void {
  const time = Date.now()
  const message = `${prefix} n=${next++}`
  length += writeSync(descriptor, `${Buffer.from(stamp(time)).toString()} [${process.pid}] [INFO] ${message}\n`)
  delivery.send(time, 'INFO', 'app', message, '', length)
}

function logDue(): void {
  const due =
    perSecond === 0 ? records : Math.min(records, Math.floor(((performance.now() - begin) / 1000) * perSecond))
  while (next < due) logOne()
  if (next < records) setTimeout(logDue, 5)
  else void finish()
}

async function finish(): Promise<void> {
  process.stdout.write('all logged\n')
  if (end === 'exit') process.exit(0)
  if (end === 'close') await delivery.close()
  if (end === 'stay') setInterval(() => {}, 1000)
}

process.stdout.write('begun\n')
const begin = performance.now()
logDue()
