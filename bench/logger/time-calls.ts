// One library in a process of its own: CPU of the main thread for each of pino's cases. Arguments: library, directory, calls.
import { createWriteStream, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import winston from 'winston'
import { getLogger } from '../../logger/src/index.ts'

/** What all libraries have in common. */
interface Logs {
  info(...values: unknown[]): void
}
interface Subject {
  logs: Logs
  child(fields: object): Logs
}

const require = createRequire(import.meta.url)
const [library = '', directory = '', calls = '20000'] = process.argv.slice(2)
const file = path.join(directory, `${library}.log`)

function openSubject(): Subject {
  switch (library) {
    case 'ours-text':
    case 'ours-json': {
      const format = library === 'ours-json' ? 'json' : 'text'
      const logger = getLogger(library, { logDir: directory, console: false, format, maxSize: '1GB' })
      return { logs: logger, child: (fields) => logger.child(fields) }
    }
    case 'pino': {
      const logger = pino({}, pino.destination({ dest: file, sync: true }))
      return { logs: logger as unknown as Logs, child: (fields) => logger.child(fields) as unknown as Logs }
    }
    case 'winston': {
      const { combine, splat, timestamp, json } = winston.format
      const logger = winston.createLogger({
        format: combine(splat(), timestamp(), json()),
        transports: [new winston.transports.File({ filename: file })],
      })
      return { logs: flipped(logger), child: (fields) => flipped(logger.child(fields)) }
    }
    case 'bunyan': {
      const bunyan = require('bunyan') as {
        createLogger(options: object): Logs & { child(fields: object, isSimple?: boolean): Logs }
      }
      const logger = bunyan.createLogger({ name: 'bench', streams: [{ path: file }] })
      return { logs: logger, child: (fields) => logger.child(fields, true) }
    }
    case 'bole': {
      const bole = require('bole') as ((name: string) => Logs) & { output(options: object): void }
      bole.output({ level: 'info', stream: createWriteStream(file) })
      const logger = bole('bench')
      return { logs: logger, child: () => bole('child') }
    }
    default:
      throw new Error(`no library "${library}"`)
  }
}

/** winston has the message first. */
function flipped(logger: winston.Logger): Logs {
  return {
    info(first, ...rest) {
      if (typeof first === 'string') logger.info(first, ...rest)
      else logger.info(typeof rest[0] === 'string' ? rest[0] : '', first)
    },
  }
}

const deep = require('pino/package.json') as object
const { logs, child } = openSubject()
const childLogs = child({ a: 'property', shop: 7 })

/** pino's own cases. */
const cases: Record<string, () => void> = {
  string: () => logs.info('hello world'),
  'string %s': () => logs.info('hello %s %d %j', 'world', 42, { obj: true }),
  object: () => logs.info({ hello: 'world', user: 'ann', ms: 3 }),
  'object, string': () => logs.info({ hello: 'world', user: 'ann', ms: 3 }, 'paid'),
  child: () => childLogs.info('hello world'),
  'deep object': () => logs.info(deep),
}

const hasThreadUsage = 'threadCpuUsage' in process

/** Microseconds of CPU, user and system. */
function cpu(): number {
  const { user, system } = hasThreadUsage ? process.threadCpuUsage() : process.cpuUsage()
  return user + system
}

/** Waits until the file grows no more; that costs some stats. */
async function settled(): Promise<void> {
  for (let size = -1, since = 0; since < 4; await sleep(20)) {
    const now = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    since = now === size ? since + 1 : 0
    size = now
  }
}

async function time(work: () => void, count: number): Promise<number> {
  const block = 500
  const before = cpu()
  for (let n = 0; n < count; n += block) {
    for (let m = 0; m < block; m++) work()
    // What a library has put off is done here.
    await nextTurn()
  }
  await settled()
  return ((cpu() - before) * 1000) / count
}

const warmUp = 5000
const nanoseconds: Record<string, number> = {}
for (const work of Object.values(cases)) await time(work, warmUp)
for (const [name, work] of Object.entries(cases)) nanoseconds[name] = await time(work, Number(calls))
const lines = readFileSync(file, 'latin1').split('\n').length - 1
const logged = Object.keys(cases).length * (warmUp + Number(calls))
if (lines !== logged) process.stderr.write(`${library}: ${lines} of ${logged} lines are in the file\n`)
process.stdout.write(`${JSON.stringify(nanoseconds)}\n`, () => process.exit())
