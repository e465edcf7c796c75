// Messages that an agent and a hub send to each other over `/api/v1/agent`. Records go as bytes: two numbers, then frames compressed by zstd;
// all else is JSON. The numbers stand in front so that the thread that moves the bytes need not open them.
import type { AgentHello, AgentState } from '../contracts/hosts/host.ts'
import type { ControlAction, RunRow } from '../contracts/source.ts'
import type { ErrorBody } from './hub-view.ts'

/** Of what is said here; raised when an older side would misunderstand it. */
export const agentProtocol = 1

export type AgentMessage =
  | ({ type: 'hello' } & AgentHello)
  /** The word of the hub is kept. */
  | { type: 'lease-kept' }
  | ({ type: 'state' } & AgentState)
  | { type: 'runs'; rows: RunRow[] }
  | { type: 'controlled'; id: number; error?: ErrorBody }

export type HubMessage =
  | { type: 'welcome'; version: string; session: string; lease: string; through?: number }
  /** All records up to this one, by the agent's own numbers, are kept for good. */
  | { type: 'ack'; through: number }
  | { type: 'control'; id: number; source: string; action: ControlAction }
  | { type: 'error'; error: ErrorBody }

const headBytes = 16

export interface RecordsMessage {
  /** The agent's id of the last record that it sent before these, or was told to be here. */
  after: number | undefined
  through: number
  frames: Uint8Array<ArrayBuffer>
}

export function encodeRecords({ after, through, frames }: RecordsMessage): Uint8Array {
  const message = new Uint8Array(headBytes + frames.length)
  const view = new DataView(message.buffer)
  view.setFloat64(0, after ?? -1, true)
  view.setFloat64(8, through, true)
  message.set(frames, headBytes)
  return message
}

/** Undefined where it is no such message. The frames are in memory of their own. */
export function decodeRecords(message: Uint8Array): RecordsMessage | undefined {
  if (message.length <= headBytes) return undefined
  const view = new DataView(message.buffer, message.byteOffset, headBytes)
  const after = view.getFloat64(0, true)
  const through = view.getFloat64(8, true)
  if (!Number.isSafeInteger(after) || !Number.isSafeInteger(through) || through < 1) return undefined
  const frames = new Uint8Array(message.length - headBytes)
  frames.set(message.subarray(headBytes))
  return { after: after < 0 ? undefined : after, through, frames }
}
