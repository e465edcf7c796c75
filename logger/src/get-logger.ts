// Loggers by name: the first part of a name has the outlets (file `host.log`), further parts are its children.
import type { Delivery } from './delivery/delivery.ts'
import { openWayToHub } from './delivery/way-to-hub.ts'
import { atExit } from './end-hooks.ts'
import { fileBase } from './file/file-base.ts'
import { openLevelControl, type LevelControl } from './level/level-control.ts'
import type { Level } from './level/levels.ts'
import { startLevel } from './level/start-level.ts'
import type { Logger } from './logger.ts'
import { openOutlets, type Outlets } from './open-outlets.ts'
import { appFolder, appName } from './options/app-name.ts'
import type { LoggerOptions } from './options/logger-options.ts'
import { checkOptions, settingsOf } from './options/parse-options.ts'
import { onLevelChange, openPino } from './record/open-pino.ts'
import { isSupervised } from './standard-output.ts'
import { reasonOf, tell } from './tell.ts'

interface Root {
  logger: Logger
  options: LoggerOptions
  outlets: Outlets
  /** The level that it has when no control file sets one. */
  ownLevel: string
  delivery: Delivery | undefined
  unhook(): void
}

const roots = new Map<string, Root>()
let control: LevelControl | undefined

/**
 * The logger of this name; the same at each call. Parts of a name stand apart by dots: `host.db` is a child of `host`, and writes its file.
 * @example
 * const logger = getLogger('host', { logDir: 'logs', level: 'debug' })
 * logger.info({ user: 'ann' }, 'signed in') // 2025-10-19 05:55:47.606 [4157] [INFO] signed in user=ann
 */
export function getLogger(name?: string, options: LoggerOptions = {}): Logger {
  checkOptions(name, options)
  const whole = name ?? process.env['LOGBOOM_PROCESS'] ?? defaultName(options)
  const [first = '', ...rest] = whole.split('.')
  if (first === '' || rest.includes(''))
    throw new TypeError(`getLogger: "${whole}" has an empty part; write "host.db".`)
  const { level, ...others } = options
  // The level of a name with several parts is the child's alone.
  const ofRoot = rest.length > 0 ? others : options
  const known = roots.get(first)
  if (known) warnOfOthers(first, known.options, ofRoot)
  const root = known ?? openRoot(first, ofRoot)
  roots.set(first, root)
  const logger = rest.reduce((parent, part) => parent.getChild(part), root.logger)
  if (rest.length > 0 && level !== undefined) logger.level = level
  return logger
}

/**
 * The logger that is named by the environment variable LOGBOOM_PROCESS, which Logboom sets for the processes it runs.
 * @example
 * const logger = getLoggerFromEnv({ level: 'debug' })
 */
export function getLoggerFromEnv(options: LoggerOptions = {}): Logger {
  const name = process.env['LOGBOOM_PROCESS']
  if (!name)
    throw new Error(
      'getLoggerFromEnv: LOGBOOM_PROCESS is not set. Run with `LOGBOOM_PROCESS=host node app.js`, or call getLogger("host").',
    )
  return getLogger(name, options)
}

/** For adapters: where the records of a logger go. Undefined after `closeLoggers`. */
export function outletsOf(logger: Logger): Outlets | undefined {
  return roots.get(logger.name.split('.', 1)[0]!)?.outlets
}

/** The logger of this name, or of the application, unless it is not open yet. */
export function openedLogger(name: string | undefined, options: LoggerOptions): Logger | undefined {
  return roots.get(name ?? process.env['LOGBOOM_PROCESS'] ?? defaultName(options))?.logger
}

/**
 * Sends what waits, closes all files and gives loggers up; the next `getLogger` begins anew. For tests, and for programs that load others.
 * @example
 * logger.info('last words') // … last words
 * await closeLoggers()
 */
export async function closeLoggers(): Promise<void> {
  const closing = [...roots.values()]
  roots.clear()
  control?.close()
  control = undefined
  for (const { outlets, delivery, unhook } of closing) {
    await outlets.file?.settled()
    await delivery?.close()
    outlets.close()
    unhook()
  }
}

/** The application's name, as one part. */
function defaultName({ app }: LoggerOptions): string {
  return appFolder(app ?? appName(process.argv[1])).replaceAll('.', '-')
}

function warnOfOthers(name: string, known: LoggerOptions, given: LoggerOptions): void {
  const differing = (Object.keys(given) as (keyof LoggerOptions)[]).filter(
    (key) => given[key] !== undefined && textOf(given[key]) !== textOf(known[key]),
  )
  if (differing.length === 0) return
  tell(
    `options ${name}`,
    `getLogger("${name}") was called with other options before (${differing.join(', ')}); the first ones stay. Give them in one place.`,
  )
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'function' ? String(each) : each)) ?? ''
}

function openRoot(name: string, options: LoggerOptions): Root {
  const settings = settingsOf(options)
  const supervised = isSupervised()
  const level = startLevel({ argv: process.argv.slice(2), environment: process.env, option: settings.level })
  const base = fileBase(name)
  const outlets = openOutlets({ ...settings, base, isSupervised: supervised })
  const logger = openPino({
    ...settings,
    name,
    level,
    wanted: outlets.wanted,
    write: outlets.write,
    failed(error) {
      outlets.failed()
      tell(
        `record ${name}`,
        `A record of ${name} could not be logged whole (${reasonOf(error)}); the application goes on`,
      )
    },
  })
  const delivery = supervised ? undefined : openWayToHub(base, settings, outlets.file?.path())
  if (delivery) outlets.deliverTo(delivery)
  const root: Root = { logger, options, outlets, ownLevel: level, delivery, unhook: atExit(outlets.release) }
  addOutletMethods(logger, root)
  followControl(root)
  return root
}

function addOutletMethods(logger: Logger, { outlets, delivery }: Root): void {
  Object.defineProperties(logger, {
    metrics: { value: outlets.metrics },
    logFile: { get: () => outlets.file?.path() },
    flush: {
      async value(done?: (error?: Error) => void) {
        await delivery?.flush()
        done?.()
      },
    },
  })
}

/** A level that the control file sets holds for all loggers of the process; without, each has its own again. */
function followControl(root: Root): void {
  const file = process.env['LOGBOOM_CONTROL']
  if (!file) return
  // The level that the application sets itself is the one to come back to.
  onLevelChange(root.logger, () => {
    if (!isControlling) root.ownLevel = root.logger.level
  })
  control ??= openLevelControl(file, () => roots.forEach(applyControl))
  if (control.level() !== undefined) applyControl(root)
}

let isControlling = false

function applyControl({ logger, ownLevel }: Root): void {
  isControlling = true
  logger.level = (control?.level() ?? ownLevel) as Level
  isControlling = false
}
