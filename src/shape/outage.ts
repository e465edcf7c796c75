// A time in which nothing can be committed: when it is worth another try, and what people are told of it.
import type { LogboomError } from '../contracts/errors.ts'
import { formatElapsed } from '../time/duration.ts'

export interface Outage {
  failed(error: LogboomError): void
  /** Something was committed after all. */
  committed(): void
  /** Memory was full, too. */
  dropped(lines: number): void
  mayTry(): boolean
  /** To be called now and then while nothing waits: tells when trouble is over. */
  look(): void
  /** Why nothing is committed; undefined when all is well. */
  error(): LogboomError | undefined
  trouble(waitingLines: number): string[]
}

export interface OutageOptions {
  now(): number
  /** Milliseconds that only grow, whatever becomes of the clock. */
  elapsed?(): number
  warn(message: string): void
  /** Bytes free on the disk that holds the store. */
  room?(): number
}

const retryMs = 250
/** A full disk is not tried again with less: the last of it belongs to those who must not notice, the processes. */
const retryRoomBytes = 2 * 1024 * 1024
/** Trouble that stays away for so long is over; what comes back sooner is the same. */
const calmMs = 3000

interface Failure {
  error: LogboomError
  /** Unix milliseconds. */
  since: number
  /** Of the first failure, and of the first commit after the last one; as `elapsed` has it. */
  beganAt: number
  endedAt?: number | undefined
  droppedLines: number
}

export function openOutage({
  now,
  elapsed = () => performance.now(),
  warn,
  room = () => Infinity,
}: OutageOptions): Outage {
  let failure: Failure | undefined
  let failedAt = Number.NEGATIVE_INFINITY

  function begin(error: LogboomError): Failure {
    warn(`${error.message}. ${error.hint}`)
    return { error, since: now(), beganAt: failedAt, droppedLines: 0 }
  }

  return {
    failed(error) {
      failedAt = elapsed()
      failure ??= begin(error)
      failure.error = error
      failure.endedAt = undefined
    },
    committed() {
      if (failure) failure.endedAt ??= elapsed()
    },
    dropped(lines) {
      if (!failure) return
      if (failure.droppedLines === 0) warn('Memory is full, too: the oldest lines are dropped, and counted')
      failure.droppedLines += lines
    },
    mayTry() {
      if (!failure) return true
      if (elapsed() < failedAt + retryMs) return false
      return failure.error.code !== 'disk-full' || room() >= retryRoomBytes
    },
    look() {
      if (!failure || elapsed() - failedAt < calmMs) return
      const { beganAt, endedAt = elapsed(), droppedLines } = failure
      failure = undefined
      const lost = droppedLines > 0 ? `; ${droppedLines} lines were lost, gap records say which` : '; nothing was lost'
      warn(`The store is written again after ${formatElapsed(endedAt - beganAt)}${lost}`)
    },
    error: () => failure?.error,
    trouble(waitingLines) {
      if (!failure) return []
      const { error, since, droppedLines } = failure
      const dropped = droppedLines > 0 ? `, ${droppedLines} were dropped` : ''
      return [
        `${error.message} (since ${new Date(since).toISOString()}): ${waitingLines} lines wait in memory${dropped}`,
      ]
    },
  }
}
