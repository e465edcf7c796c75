// What a hub costs that has nothing to do: ten processes that print nothing.
import { setTimeout as delay } from 'node:timers/promises'
import { startHub } from '../test/hub-process.ts'
import { printTable } from './table.ts'

export async function idle(): Promise<void> {
  const processes = Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [`idle-${n}`, { command: ['sleep', '600'] }]),
  )
  const hub = await startHub({ processes })
  try {
    await delay(5000)
    const before = hub.cpuSeconds()
    await delay(15_000)
    printTable('Ten idle processes', [
      {
        'hub CPU %': (100 * (hub.cpuSeconds() - before)) / 15,
        'hub resident MB': hub.memoryMb().now,
        'peak MB': hub.memoryMb().peak,
      },
    ])
  } finally {
    await hub.close()
  }
}
