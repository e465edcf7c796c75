// A hub whose clocks can be set: the one on the wall while it runs, the machine's own count of time from one life to the next.
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { requireTool } from '../../scripts/ensure-system.ts'
import { prepareHub, type HubProcess, type HubProcessOptions, type Surroundings } from '../hub-process.ts'

export const hourMs = 3_600_000
export const dayMs: number = 24 * hourMs

export interface ClockHub extends HubProcess {
  /** From now on the clock says so much more than it is. */
  setClock(aheadMs: number): void
  /** Surroundings in which others see the same clocks. */
  around(): Surroundings
  /** From the next launch on the machine counts so much more; `isRebooted`: from zero, in another boot. */
  setUptime(aheadMs: number, isRebooted?: boolean): void
  /** Puts in a few records; resolves when they are committed. */
  ingest(count: number): Promise<void>
  /** How many of them are there when all that was to be removed has been. */
  kept(): Promise<number>
}

/** As root, where a program may see another time. */
export function requireClocks(): { skip: false | string } {
  return process.getuid?.() === 0 ? requireTool('faketime') : { skip: 'SKIPPED: needs root, to set clocks' }
}

export function prepareClockHub(config: HubProcessOptions): ClockHub {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-clock-'))
  const clockFile = path.join(directory, 'clock')
  const bootFile = path.join(directory, 'boot-id')
  const [library = ''] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')
  let under: string[] = []
  let boots = 0
  const around = (): Surroundings => ({
    under,
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clockFile,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
  })
  const hub = prepareHub(config, around)

  const setClock = (aheadMs: number): void => writeFileSync(clockFile, `${aheadMs < 0 ? '' : '+'}${aheadMs / 1000}\n`)
  setClock(0)
  return Object.assign(Object.create(hub) as HubProcess, {
    setClock,
    around,
    setUptime(aheadMs: number, isRebooted = false) {
      under = ['unshare', '--time', `--boottime=${aheadMs / 1000}`]
      if (!isRebooted) return
      writeFileSync(bootFile, `00000000-0000-4000-8000-${String(++boots).padStart(12, '0')}\n`)
      const script = `mount --bind ${bootFile} /proc/sys/kernel/random/boot_id && exec "$@"`
      under = ['unshare', '--mount', 'sh', '-c', script, 'sh', ...under]
    },
    async ingest(count: number) {
      const lines = Array.from({ length: count }, (_, i) => JSON.stringify({ message: `line ${i}`, source: 'clocked' }))
      const body = lines.join('\n')
      const headers = { 'content-type': 'application/x-ndjson' }
      const answer = await fetch(`${hub.url}/api/v1/ingest`, { method: 'POST', headers, body })
      if (!answer.ok) throw new Error(await answer.text())
    },
    async kept() {
      // Stands in the queue behind all that is under way.
      await hub.client.retain({ dryRun: true })
      let count = 0
      for await (const { kind } of hub.records('source:clocked')) if (kind !== 'gap') count++
      return count
    },
    async close() {
      await hub.close()
      rmSync(directory, { recursive: true, force: true })
    },
  })
}
