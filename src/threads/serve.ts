// The answering side of the border between threads.
import type { MessagePort } from 'node:worker_threads'
import type { CallMessage, ReplyMessage } from './calls.ts'
import { toWireError } from './wire-error.ts'

export interface ServeOptions {
  /** Told to the caller, once, as soon as calls are taken. */
  ready?: unknown
  /** Parts of an answer that are handed over instead of copied. */
  transferOf?(answer: unknown): ArrayBuffer[]
  /** After each call has begun. */
  called?(): void
}

/** Lets another thread call these functions by `openCaller<Calls>`. */
export function serve<Calls extends object>(
  port: MessagePort,
  calls: Calls,
  { ready, transferOf = () => [], called }: ServeOptions = {},
): void {
  const functions = calls as Record<string, (...args: unknown[]) => unknown>
  const reply = (message: ReplyMessage, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
  port.on('message', ({ call, name, args }: CallMessage) => {
    Promise.resolve()
      .then(() => functions[name]!(...args))
      .then(
        (value) => reply({ reply: call, value }, transferOf(value)),
        (error: unknown) => reply({ reply: call, error: toWireError(error) }),
      )
    called?.()
  })
  reply({ reply: 0, value: ready })
}
