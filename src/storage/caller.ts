// Calls into a worker: each gets a number, its answer settles the promise.
import type { Worker } from 'node:worker_threads'
import { LogboomError } from '../errors.ts'
import { fromWireError, type ReplyMessage } from './messages.ts'

export interface Caller {
  /** Resolves with what the worker says once it takes calls; rejects when it cannot start. */
  ready: Promise<unknown>
  call<T>(method: string, ...args: unknown[]): Promise<T>
  /** The same, giving these buffers away. */
  hand<T>(buffers: ArrayBuffer[], method: string, ...args: unknown[]): Promise<T>
  /** True when it was an answer. */
  settle(message: unknown): boolean
  /** Rejects everything that still waits. */
  fail(error: unknown): void
}

export function openCaller(worker: Worker): Caller {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let last = 0
  let failure: Error | undefined
  // A worker answers call 0 of its own accord.
  const ready = new Promise((resolve, reject) => waiting.set(0, { resolve, reject }))
  ready.catch(() => undefined)

  function hand<T>(buffers: ArrayBuffer[], method: string, ...args: unknown[]): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (failure) return reject(failure)
      const call = ++last
      waiting.set(call, { resolve: resolve as (value: unknown) => void, reject })
      worker.postMessage({ call, method, args }, buffers)
    })
  }

  return {
    ready,
    call: (method, ...args) => hand([], method, ...args),
    hand,
    settle(message) {
      const answer = message as ReplyMessage
      if (typeof answer.reply !== 'number') return false
      const caller = waiting.get(answer.reply)
      waiting.delete(answer.reply)
      if ('error' in answer) caller?.reject(fromWireError(answer.error))
      else caller?.resolve(answer.value)
      return true
    },
    fail(error) {
      failure = new LogboomError(
        'internal',
        `A worker of the hub ended: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      )
      for (const caller of waiting.values()) caller.reject(failure)
      waiting.clear()
    },
  }
}
