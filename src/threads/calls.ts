// Calls as they cross from one thread to another: `serve` offers the functions of an object, `openCaller` calls them, and the
// object's type is all that both sides share.
import type { WireError } from './wire-error.ts'

/** An object's functions as another thread has them: the same, and each answers later. */
export type Remote<Calls> = {
  [Name in keyof Calls]: Calls[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never
}

export interface CallMessage {
  call: number
  name: string
  args: unknown[]
}

/** The answer to call `reply`; a thread answers call 0 of its own accord, once it takes calls. */
export type ReplyMessage = { reply: number; value: unknown } | { reply: number; error: WireError }
