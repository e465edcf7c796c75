// The console's calls as records of logger `console`, for applications that print what they would log.
import { formatWithOptions } from 'node:util'
import { openIntakeLater, type IntakeOptions } from './adapters/open-intake.ts'
import { checkOptions } from './options/parse-options.ts'
import { cannotBeShown } from './record/cannot-be-shown.ts'

export interface CaptureConsoleOptions extends IntakeOptions {
  /** The console prints what it is given as before, too; the logger then prints nothing itself. Default: false. */
  keepOutput?: boolean
}

const values = { log: 30, info: 30, debug: 20, warn: 40, error: 50 } as const
type Method = keyof typeof values

let restoreCurrent: (() => void) | undefined

/**
 * Makes records of what the application gives to console.log, info, debug, warn and error. Returns what restores the console; a
 * second call changes nothing.
 * @example
 * const restore = captureConsole({ logDir: 'logs' })
 * console.warn('slow: %d ms', 1200) // 2025-10-19 05:55:47.606 [4157] [WARNING] slow: 1200 ms
 * restore()
 */
export function captureConsole({ keepOutput = false, ...options }: CaptureConsoleOptions = {}): () => void {
  if (restoreCurrent) return restoreCurrent
  const { name, ...rest } = options
  // Wrong options are told here, and not by the application's first word.
  checkOptions(name, rest)
  const take = openIntakeLater({ ...(keepOutput && { console: false }), ...options })
  const originals = Object.fromEntries(methods.map((method) => [method, console[method]])) as Pick<Console, Method>
  /** A value that prints itself while it is formatted must not begin anew. */
  let isTaking = false
  for (const method of methods) {
    console[method] = (...given: unknown[]): void => {
      if (isTaking) return originals[method].apply(console, given)
      isTaking = true
      try {
        take({ time: Date.now(), value: values[method], logger: 'console', message: format(given) })
      } finally {
        isTaking = false
      }
      if (keepOutput) originals[method].apply(console, given)
    }
  }
  restoreCurrent = () => {
    Object.assign(console, originals)
    restoreCurrent = undefined
  }
  return restoreCurrent
}

const methods = Object.keys(values) as Method[]

/** A value that cannot be shown does not hide the others. */
function format(given: unknown[]): string {
  try {
    return formatWithOptions({ colors: false }, ...given)
  } catch {
    return given.map(formatOne).join(' ')
  }
}

function formatOne(value: unknown): string {
  try {
    return formatWithOptions({ colors: false }, value)
  } catch (error) {
    return cannotBeShown(error)
  }
}
