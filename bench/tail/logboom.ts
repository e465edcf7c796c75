// Logboom as a collector of a file, and of a process that it runs: to the store alone, since the others keep the lines once,
// too, and the file again with the log file and session file that it writes by default.
import { renameSync } from 'node:fs'
import path from 'node:path'
import { startHub, type HubProcess, type HubProcessOptions } from '../../test/hub-process.ts'
import type { Collector, OpenCollector } from './collector.ts'

const storeAlone = { logFile: false, sessionFile: false }

export const fromFile: OpenCollector = ({ file }) =>
  openHub({ files: { app: 'app.log' }, sinks: storeAlone }, (hub) => moveInto(hub, file))

export const fromFileToFiles: OpenCollector = ({ file }) =>
  openHub({ files: { app: 'app.log' } }, (hub) => moveInto(hub, file))

export const fromProcess: OpenCollector = ({ command }) =>
  openHub({ processes: { app: { command, restart: 'never', autostart: false } }, sinks: storeAlone }, async (hub) => {
    await hub.command('start', 'app')
  })

async function openHub(config: HubProcessOptions, feed: (hub: HubProcess) => void | Promise<void>): Promise<Collector> {
  const hub = await startHub(config)
  const lines = 'source:app kind:system'
  return {
    cpuSeconds: hub.cpuSeconds,
    feed: () => feed(hub),
    async kept() {
      const { records } = await hub.client.search({ query: lines, limit: 1 })
      return records[0]?.message.startsWith('done in') ? (await hub.client.summary({ query: lines })).count : undefined
    },
    close: hub.close,
  }
}

/** A file that appears is read from its beginning. */
function moveInto(hub: HubProcess, file: string): void {
  renameSync(file, path.join(hub.directory, 'app.log'))
}
