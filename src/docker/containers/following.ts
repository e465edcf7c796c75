// The follow of a container's log: at most one at a time, begun again when it ends, but not too often.
import type { ContainerLog } from '../logs/container-log.ts'
import { statusOf } from '../engine/engine-client.ts'
import { EngineFault } from '../logs/log-pieces.ts'
import type { Wake } from './wake.ts'

export interface Following {
  /** Asks the engine at once for what is read when it begins. */
  prepare(log: ContainerLog): void
  isPrepared(): boolean
  goesOn(): boolean
  /** The log driver has said that it cannot be asked for lines. */
  isUnreadable(): boolean
  begin(log: ContainerLog): void
  /** Resolves when it has ended by itself. */
  ended(): Promise<void>
  /** Breaks it off. */
  stop(): Promise<void>
}

/** A log that is rotated all the time ends its follows sooner, though the container runs. */
const shortMs = 1000
const againMs = { first: 50, most: 2000 }

/**
 * `wake` is asked when the container must be looked at, since a follow has ended; `told` gets the error of an engine that cannot read this
 * log.
 */
export function openFollowing(closing: AbortSignal, wake: Wake, told: (error: Error) => void): Following {
  let stopping = new AbortController()
  let isPrepared = false
  let going: Promise<void> | undefined
  let shortOnes = 0
  let isUnreadable = false

  function unreadable(error: Error): void {
    isUnreadable = true
    told(error)
  }

  async function follow(log: ContainerLog, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now()
    try {
      await log.follow(signal)
    } catch (error) {
      // A connection that breaks is one that ends; words of the engine are, too: the next reading tells what is to be told.
      if (!(error instanceof EngineFault)) shortOnes++
      if (statusOf(error) === 501) unreadable(error as Error)
    }
    const livedMs = performance.now() - startedAt
    shortOnes = livedMs > shortMs ? 0 : shortOnes + 1
  }

  return {
    prepare(log) {
      isPrepared = true
      log.begin(AbortSignal.any([stopping.signal, closing]))
    },
    isPrepared: () => isPrepared,
    goesOn: () => going !== undefined,
    isUnreadable: () => isUnreadable,
    begin(log) {
      if (going || closing.aborted) return
      isPrepared = false
      const followed = follow(log, AbortSignal.any([stopping.signal, closing])).then(() => {
        going = undefined
        if (shortOnes < 2) wake.now()
        else wake.after(Math.min(againMs.first * 2 ** (shortOnes - 2), againMs.most))
      })
      going = followed
    },
    ended: async () => await going,
    async stop() {
      stopping.abort()
      stopping = new AbortController()
      isPrepared = false
      await going
    },
  }
}
