// The calling side of the border between threads.
import type { Worker } from 'node:worker_threads'
import { LogboomError } from '../contracts/errors.ts'
import type { CallMessage, Remote, ReplyMessage } from './calls.ts'
import { fromWireError } from './wire-error.ts'

export interface CallerOptions {
  /** Messages that answer no call. */
  news?(message: unknown): void
  /** The worker is gone, whoever ended it; told once. Calls that still wait have rejected. */
  ended?(error: Error): void
}

export interface Caller<Calls, Ready = void> {
  /** Resolves with what the worker says once it takes calls; rejects when it cannot start. */
  ready: Promise<Ready>
  calls: Remote<Calls>
  /** Calls that give these buffers away. */
  handing(buffers: ArrayBuffer[]): Remote<Calls>
}

/** Calls what `serve<Calls>` offers in the worker. */
export function openCaller<Calls extends object, Ready = void>(
  worker: Worker,
  { news, ended }: CallerOptions = {},
): Caller<Calls, Ready> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let last = 0
  let failure: Error | undefined
  const ready = new Promise<unknown>((resolve, reject) => waiting.set(0, { resolve, reject })) as Promise<Ready>
  ready.catch(() => undefined)

  function call(buffers: ArrayBuffer[], name: string, args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (failure) return reject(failure)
      const message: CallMessage = { call: ++last, name, args }
      waiting.set(message.call, { resolve, reject })
      worker.postMessage(message, buffers)
    })
  }

  const handing = (buffers: ArrayBuffer[]): Remote<Calls> =>
    new Proxy({} as Remote<Calls>, {
      get: (_, name) => (typeof name === 'string' ? (...args: unknown[]) => call(buffers, name, args) : undefined),
    })

  function end(error: Error): void {
    if (failure) return
    failure = new LogboomError('internal', `A worker of the hub ended: ${error.message}`, { cause: error })
    for (const caller of waiting.values()) caller.reject(failure)
    waiting.clear()
    ended?.(error)
  }

  worker.on('message', (message: ReplyMessage | object) => {
    if (!('reply' in message)) return news?.(message)
    const caller = waiting.get(message.reply)
    waiting.delete(message.reply)
    if ('error' in message) caller?.reject(fromWireError(message.error))
    else caller?.resolve(message.value)
  })
  worker.on('error', (error) => end(error as Error))
  worker.on('exit', (code) => end(new Error(`exit code ${code}`)))
  return { ready, calls: handing([]), handing }
}
