// What a hub has of a container, held against what the engine itself has of it.
import assert from 'node:assert/strict'
import type { LogRecord } from '../../../src/client/index.ts'
import { until, type HubProcess } from '../../hub-process.ts'
import type { Daemon } from './open-daemon.ts'

export interface Had {
  stdout: string[]
  stderr: string[]
  /** Messages of events and gaps. */
  told: string[]
  records: LogRecord[]
}

export async function hadBy(hub: HubProcess, source: string): Promise<Had> {
  const had: Had = { stdout: [], stderr: [], told: [], records: [] }
  for await (const record of hub.records(`source:"${source}"`)) {
    had.records.push(record)
    if (record.stream === 'log') had.told.push(record.message)
    else had[record.stream].push(record.message)
  }
  return had
}

/** Resolves when it is told that the container has ended. */
export async function hasEnded(hub: HubProcess, source: string): Promise<void> {
  await until(`the end of ${source}`, async () => {
    const { records } = await hub.client.search({ query: `source:"${source}" kind:event`, limit: 10 })
    return records.some(({ message }) => message.startsWith('exited'))
  })
}

/** Resolves when the hub has everything that the engine has, each line once and in the order of its stream. */
export async function agrees(hub: HubProcess, daemon: Daemon, name: string, source: string = name): Promise<Had> {
  const logs = await daemon.logs(name)
  await until(`the lines of ${source}`, async () => {
    const { stdout, stderr } = await hadBy(hub, source)
    return stdout.length >= logs.stdout.length && stderr.length >= logs.stderr.length
  })
  const had = await hadBy(hub, source)
  for (const stream of ['stdout', 'stderr'] as const) {
    assert.equal(had[stream].length, logs[stream].length, `${stream} of ${source}`)
    had[stream].forEach((line, i) => assert.ok(line === logs[stream][i], `line ${i + 1} of ${stream}`))
  }
  return had
}

/** Resolves when the source is in one of these states. */
export async function isIn(hub: HubProcess, source: string, ...states: string[]): Promise<void> {
  await until(`${source} to be ${states.join(' or ')}`, async () =>
    states.includes((await hub.client.sources()).find(({ name }) => name === source)?.state ?? 'not there'),
  )
}
