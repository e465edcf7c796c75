// Hubs killed under syslog over TCP, as one scenario for the system test and for the torture. No sender of syslog is told what has
// been received. What is promised all the same: of every connection that a killed hub had, the records are the first so many of
// those sent, without a hole; what somebody has seen stays; nothing comes twice.
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { prepareHub, until } from '../hub-process.ts'
import { numberOracle } from './number-oracle.ts'
import { dial, numberedMessage, startListening } from './syslog-senders.ts'

export interface SyslogKillPlan {
  /** One life of the hub each: so long it is sent to after the first messages were seen. */
  livesMs: readonly number[]
  connections: number
}

/** Tells how many were sent, and how many of them are stored. */
export async function surviveSyslogKills({
  livesMs,
  connections,
}: SyslogKillPlan): Promise<{ sent: number; stored: number }> {
  const port = await freePort()
  const hub = prepareHub({ syslog: { net: port } })
  try {
    const seen = new Map<string, number>()
    const sent = new Map<string, number>()
    for (const [life, ms] of livesMs.entries()) {
      await startListening(hub)
      const subscription = hub.client.follow(
        { query: `source:net life${life}` },
        {
          records(some) {
            for (const { message } of some) {
              const [, prefix, n] = /(\S+) n=(\d+)/.exec(message)!
              seen.set(prefix!, Number(n) + 1)
            }
          },
        },
      )
      const prefixes = Array.from({ length: connections }, (_, index) => `life${life}-${index}`)
      const sending = prefixes.map(async (prefix) => sent.set(prefix, await sendUntilBroken(await dial(port), prefix)))
      await until('something of everybody to be seen', () => prefixes.every((prefix) => (seen.get(prefix) ?? 0) > 100))
      await sleep(ms)
      await hub.kill()
      await Promise.all(sending)
      subscription.close()
    }
    await startListening(hub)
    const numbers = numberOracle('the store')
    for await (const { message, kind } of hub.records('source:net')) {
      assert.notEqual(kind, 'gap', message)
      numbers.take(message)
    }
    const stored = new Map([...sent.keys()].map((prefix) => [prefix, numbers.count(prefix)]))
    numbers.assertComplete(stored)
    for (const [prefix, count] of stored) {
      assert.ok(count >= seen.get(prefix)!, `${prefix}: ${seen.get(prefix)} were seen, ${count} are stored`)
      assert.ok(count <= sent.get(prefix)!, `${prefix}: ${sent.get(prefix)} were sent, ${count} are stored`)
    }
    return { sent: sum(sent), stored: sum(stored) }
  } finally {
    await hub.close()
  }
}

/** Resolves with how many were sent, whole or in part. */
async function sendUntilBroken(socket: Socket, prefix: string): Promise<number> {
  const broken = new Promise((resolve) => socket.on('close', resolve))
  let count = 0
  while (!socket.destroyed) {
    const more = Array.from({ length: 10 }, () => `${numberedMessage(prefix, count++)}\n`).join('')
    const hasRoom = socket.write(more)
    if (!hasRoom) await Promise.race([broken, new Promise((resolve) => socket.once('drain', resolve))])
    await sleep(2)
  }
  return count
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0)
}
