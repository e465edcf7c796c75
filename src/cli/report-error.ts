// A command's error as people see it: a sentence and what to do about it; the stack only for those who ask.
import { LogboomError, type ErrorCode } from '../contracts/errors.ts'
import { maskText } from '../secrets/mask-text.ts'

/** Wrong use rather than bad luck. */
const usageCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'config-missing',
  'config-exists',
  'config-invalid',
  'query-invalid',
  'request-invalid',
  'unknown-source',
  'open-to-network',
  'tls-invalid',
  'unknown-account',
  'already-there',
])

/** Writes to standard error and gives the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof LogboomError) {
    console.error(`logboom: ${maskText(error.message)}\n  ${error.hint}`)
  } else {
    console.error(`logboom: ${maskText(error instanceof Error ? error.message : String(error))}`)
    if (!process.env.LOGBOOM_DEBUG) console.error('  This was not foreseen. With LOGBOOM_DEBUG=1 it tells more.')
  }
  if (process.env.LOGBOOM_DEBUG) console.error(error)
  return error instanceof LogboomError && usageCodes.has(error.code) ? 2 : 1
}
