// What delivery to a hub costs the application's own thread: the same calls with a real hub and without, in turns.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { startHub } from '../test/hub-process.ts'
import type { DeliveryTimes } from './logger/time-delivery.ts'
import { printTable } from './table.ts'

const rounds = 5
/** With a hub, of the CPU without; see issue 12. */
const bar = 1.1

export async function loggerDelivery(): Promise<void> {
  const hub = await startHub({ processes: {} })
  try {
    const rows = []
    for (const format of ['text', 'json']) {
      const without = []
      const withHub = []
      // In turns, as others use the machine, too: the best of each is what the code costs.
      for (let round = 0; round < rounds; round++) {
        without.push(await time(format, ''))
        withHub.push(await time(format, hub.url))
      }
      for (const name of ['string', 'object'] as const) {
        const [alone, delivered] = [without, withHub].map((all) => Math.min(...all.map((times) => times[name])))
        rows.push({
          file: format,
          call: name,
          'ns without': Math.round(alone!),
          'ns with hub': Math.round(delivered!),
          ratio: delivered! / alone!,
          bar: `≤ ${bar}`,
          'MB more': Math.min(...withHub.map((t) => t.residentMb)) - Math.min(...without.map((t) => t.residentMb)),
        })
      }
    }
    printTable('Nanoseconds of CPU per call, main thread, with delivery to a hub and without', rows)
  } finally {
    await hub.close()
  }
}

async function time(format: string, url: string): Promise<DeliveryTimes> {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-bench-delivery-'))
  try {
    const child = path.join(import.meta.dirname, 'logger/time-delivery.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [child, directory, format, url])
    return JSON.parse(stdout) as DeliveryTimes
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
