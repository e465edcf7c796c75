// Errors that end the process, recorded before it dies; it dies as it would have died without us.
import { inspect } from 'node:util'
import { attempt, cannotBeShown, messageText } from '../record/cannot-be-shown.ts'
import type { Intake } from './open-intake.ts'

const criticalValue = 60

/** Returns what takes it back. */
export function recordCrashes(take: Intake): () => void {
  const record = (error: unknown): void => {
    // An application that handles them itself goes on living.
    if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return
    // Rejections come here, too, and cannot be told apart: with --import Node runs the application in a promise.
    const isError = attempt(() => error instanceof Error) === true
    take({
      time: Date.now(),
      value: criticalValue,
      message: `Uncaught: ${isError ? messageText(error) : inspected(error)}`,
      ...(isError && { fields: { err: error } }),
    })
  }
  process.on('uncaughtExceptionMonitor', record)
  return () => void process.off('uncaughtExceptionMonitor', record)
}

function inspected(value: unknown): string {
  try {
    return inspect(value)
  } catch (error) {
    return cannotBeShown(error)
  }
}
