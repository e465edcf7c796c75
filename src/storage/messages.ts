// What the main thread and the workers say to each other: numbered calls with one answer each, and news of commits.
import type { ErrorCode } from '../errors.ts'
import { LogboomError } from '../errors.ts'

export interface CallMessage {
  call: number
  method: string
  args: unknown[]
}

export interface WireError {
  code?: ErrorCode
  message: string
  /** Of an error that is not ours: for the hub's log, never for an answer. */
  stack?: string
  hint?: string
  position?: { from: number; to: number }
}

export type ReplyMessage = { reply: number; value: unknown } | { reply: number; error: WireError }

/** Sent after every commit. `frames` (see wire/batch-codec.ts) only while somebody follows. */
export interface CommittedMessage {
  committed: number
  frames: Uint8Array[]
  /** Frames were left out because too many were under way. */
  missed: boolean
}

/** See UnkeptNews; the batches as frames, fewer of them when too many frames are under way. */
export interface UnkeptMessage {
  unkept: { first: number; added: { number: number; frame: Uint8Array }[] }
}

/** Something people should know, from the worker's depths. */
export interface WarnMessage {
  warn: string
}

export function toWireError(error: unknown): WireError {
  if (error instanceof LogboomError) {
    const { code, message, hint, position } = error
    return { code, message, hint, ...(position ? { position } : {}) }
  }
  if (!(error instanceof Error)) return { message: String(error) }
  return { message: error.message, ...(error.stack ? { stack: error.stack } : {}) }
}

export function fromWireError({ code = 'internal', message, stack, hint, position }: WireError): LogboomError {
  const error = new LogboomError(code, message, { ...(hint ? { hint } : {}), ...(position ? { position } : {}) })
  if (stack) error.stack = stack
  return error
}
