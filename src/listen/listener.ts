// A listener for syslog messages, over whichever protocol: opened once, kept open by `keepListening`.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Entry } from '../contracts/source-storage.ts'
import type { Inbox } from './inbox.ts'
import type { ListenAddress } from './listen-address.ts'
import type { Peers } from './peers.ts'

export interface Listener {
  /** With the port that it has, where any was asked for. */
  address: ListenAddress
  /** Resolves when it cannot go on. */
  failed: Promise<Error>
  /** Present state, for people. */
  detail?(): string | undefined
  /** Takes what has arrived, then nothing more; resolves when all of it is committed. */
  close(): Promise<void>
}

export interface ListenOptions {
  address: ListenAddress
  peers: Peers
  /** Resolves when they are committed; rejects when the hub ends without having been able to. */
  push(entries: Entry[]): Promise<void>
  /** Somebody is not listened to. */
  refuse(peer: string, why: string): void
  now(): number
}

const quiet = { lookMs: 30, mostMs: 1000 }

/** Resolves when nothing more comes and there is room for it, or when that has taken too long. */
export async function untilQuiet(count: () => number, inbox: Inbox): Promise<void> {
  const deadline = performance.now() + quiet.mostMs
  for (let before = -1; performance.now() < deadline; await sleep(quiet.lookMs)) {
    if (before === count() && inbox.hasRoom()) return
    before = count()
  }
}
