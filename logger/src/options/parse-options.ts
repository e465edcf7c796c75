// Options, checked at once: what is wrong is said where it was written, and not by a log call hours later.
import { tmpdir } from 'node:os'
import path from 'node:path'
import { suggestion } from '../../../src/text/nearest-name.ts'
import { levelHint, parseLevel } from '../level/levels.ts'
import { appFolder, appName } from './app-name.ts'
import { defaultLogDirectory } from './default-directory.ts'
import type { HubOptions, LoggerOptions, RedactOptions, Serializers } from './logger-options.ts'
import { parseSize } from './parse-size.ts'
import { tell } from '../tell.ts'

/** Options with their defaults. */
export interface Settings {
  /** Absolute. */
  logDir: string
  /** pino's label; undefined when the code names none. */
  level: string | undefined
  maxBytes: number
  keep: number
  compress: false | 'gzip' | 'zstd'
  /** Absolute. */
  archiveDir: string
  format: 'text' | 'json'
  utc: boolean
  console: boolean
  file: boolean
  callsite: boolean
  redact: readonly string[] | RedactOptions | undefined
  serializers: Serializers
  app: string
  hub: HubOptions | undefined
}

/** Environment variables; without Node's types, which users of the package may not have. */
type Environment = Readonly<Record<string, string | undefined>>

/** Smaller files would be rotated with every few lines. */
const leastBytes = 1024

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isFlag = (value: unknown): boolean => typeof value === 'boolean'
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

type Check = readonly [isRight: (value: unknown) => boolean, hint: string]

const checks: Readonly<Record<keyof LoggerOptions, Check>> = {
  logDir: [isText, 'Give a directory.'],
  level: [(value) => typeof value === 'string' && parseLevel(value) !== undefined, levelHint],
  maxSize: [(value) => (bytesOf(value) ?? 0) >= leastBytes, 'Give "10MB", or bytes; 1KB is the least.'],
  keep: [
    (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1000,
    'Give a number, 0 to 1000.',
  ],
  compress: [(value) => value === false || value === 'gzip' || value === 'zstd', 'Give "gzip", "zstd" or false.'],
  archiveDir: [isText, 'Give a directory.'],
  format: [(value) => value === 'text' || value === 'json', 'Give "text" or "json".'],
  utc: [isFlag, 'Give true or false.'],
  console: [isFlag, 'Give true or false.'],
  file: [isFlag, 'Give true or false.'],
  callsite: [isFlag, 'Give true or false.'],
  redact: [
    (value) => isTextList(value) || (isObject(value) && isTextList(value['paths'])),
    'Give paths: ["user.password"], or { paths, censor, remove }.',
  ],
  serializers: [
    (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'function'),
    'Give an object of functions.',
  ],
  app: [isText, 'Give a name.'],
  hub: [isHub, 'Give { url: "http://127.0.0.1:7474", token: "…" }, or false.'],
}

function isHub(value: unknown): boolean {
  if (value === false) return true
  if (!isObject(value) || Object.keys(value).some((key) => key !== 'url' && key !== 'token')) return false
  const { url, token } = value
  if (token !== undefined && !isText(token)) return false
  return typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}

function bytesOf(value: unknown): number | undefined {
  if (typeof value === 'string') return parseSize(value)
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}

/** Throws TypeError for a name that is none, or options that are unknown or wrong. */
export function checkOptions(name: unknown, options: unknown): asserts options is LoggerOptions {
  if (name !== undefined && !isText(name)) throw new TypeError('getLogger: the name must be a text that is not empty.')
  if (!isObject(options)) throw new TypeError('getLogger: options must be an object, e.g. { level: "debug" }.')
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, key)) {
      const known = Object.keys(checks)
      const guess = suggestion(key, known)
      throw new TypeError(`getLogger: unknown option "${key}"${guess || '.'} Options are ${known.join(', ')}.`)
    }
    if (value === undefined) continue
    const [isRight, hint] = checks[key as keyof LoggerOptions]
    if (!isRight(value)) throw new TypeError(`getLogger: option ${key} cannot be ${show(value)}. ${hint}`)
  }
  // Compression is loaded when it is needed: it takes 3 MB.
  if (options['compress'] === 'zstd' && !('createZstdCompress' in process.getBuiltinModule('node:zlib')))
    throw new TypeError(`getLogger: compress: "zstd" needs Node 22.15; this is ${process.version}. Use "gzip".`)
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' ? 'this' : String(value)
}

/** Options that were checked → settings. */
export function settingsOf(options: LoggerOptions, environment: Environment = process.env): Settings {
  const app = options.app ?? appName(process.argv[1])
  const usual = options.logDir ?? defaultLogDirectory(appFolder(app))
  if (usual === undefined)
    tell(
      'log directory',
      `Directories for logs of ${app} in ${tmpdir()} belong to others; there is no log file. Give logDir.`,
    )
  const logDir = path.resolve(usual ?? tmpdir())
  const { LOGBOOM_URL: url, LOGBOOM_TOKEN: token } = environment
  const fromEnvironment = url && isHub({ url }) ? { url, ...(token ? { token } : {}) } : undefined
  if (url && !fromEnvironment && options.hub === undefined)
    tell('LOGBOOM_URL', `LOGBOOM_URL is "${url}", which is no address like http://127.0.0.1:7474; records go to no hub`)
  return {
    logDir,
    level: options.level === undefined ? undefined : parseLevel(options.level),
    maxBytes: bytesOf(options.maxSize) ?? 10 * 1024 ** 2,
    keep: options.keep ?? 5,
    compress: options.compress ?? false,
    archiveDir: path.resolve(logDir, options.archiveDir ?? '.'),
    format: options.format ?? 'text',
    utc: options.utc ?? false,
    console: options.console ?? true,
    file: usual !== undefined && (options.file ?? true),
    callsite: options.callsite ?? false,
    redact: options.redact,
    serializers: options.serializers ?? {},
    app,
    hub: options.hub === false ? undefined : (options.hub ?? fromEnvironment),
  }
}
