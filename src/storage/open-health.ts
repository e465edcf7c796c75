// How the storage is, in one word, for whoever asks often: a load balancer, a container engine, systemd.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Storage } from '../contracts/storage.ts'

/** `silent`: the storage worker does not answer. */
export type Health = 'well' | 'unwritable' | 'silent'

const patienceMs = 2000

/** Gives a question that costs one call of the worker, however many ask it at once. */
export function openHealth(
  { isWritable }: Pick<Storage, 'isWritable'>,
  waitMs: number = patienceMs,
): () => Promise<Health> {
  let underWay: Promise<Health> | undefined

  async function look(): Promise<Health> {
    const given = new AbortController()
    const silence = sleep(waitMs, 'silent' as const, { signal: given.signal, ref: false })
    silence.catch(() => undefined)
    try {
      return await Promise.race([silence, isWritable().then((is) => (is ? 'well' : 'unwritable'))])
    } catch {
      return 'silent'
    } finally {
      given.abort()
      underWay = undefined
    }
  }

  return () => (underWay ??= look())
}
