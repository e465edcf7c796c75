// A container engine: kept in touch with, asked which containers there are, and listened to for what happens to them. What breaks is
// tried again until it holds; containers are then looked at anew.
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineEvent } from './containers/container-events.ts'
import type { EngineClient, EngineVersion } from './engine/engine-client.ts'
import type { ListedContainer } from './select-containers.ts'

export interface EngineWatcher {
  /** The engine answers, for the first time or again. */
  connected(version: EngineVersion): Promise<void> | void
  /** Nothing is heard of the engine. */
  lost(error: Error): void
  /** All there are, now. */
  listed(containers: ListedContainer[]): Promise<void>
  happened(event: EngineEvent): void
}

const againMs = { first: 500, most: 30_000 }
const pingMs = 5000

/** Gives what ends it. */
export function watchEngine(engine: EngineClient, watcher: EngineWatcher): { close(): Promise<void> } {
  const closing = new AbortController()
  const { signal } = closing
  /** Unix nanoseconds as text, of the newest event. */
  let lastEvent: string | undefined
  let wasThere = false

  /** Resolves or rejects when the connection is no more. */
  async function attend(): Promise<void> {
    await watcher.connected(await engine.ping())
    const ending = new AbortController()
    const listening = listen(AbortSignal.any([signal, ending.signal]))
    listening.catch(() => undefined)
    try {
      await watcher.listed(await engine.get<ListedContainer[]>('/containers/json', { all: true }))
      wasThere = true
      await Promise.race([listening, pingWhile(AbortSignal.any([signal, ending.signal]))])
    } finally {
      ending.abort()
    }
  }

  async function listen(until: AbortSignal): Promise<void> {
    // Asked for events since the last one, the engine tells that one again.
    const known = lastEvent
    const query = { filters: JSON.stringify({ type: ['container'] }), since: known }
    const decoder = new TextDecoder()
    let left = ''
    for await (const chunk of engine.stream('/events', query, until)) {
      const lines = (left + decoder.decode(chunk, { stream: true })).split('\n')
      left = lines.pop()!
      for (const line of lines) if (line.trim() !== '') hear(line, known)
    }
    throw new Error('the engine ended the connection')
  }

  function hear(line: string, known: string | undefined): void {
    const event = JSON.parse(line) as EngineEvent
    // Numbers in JSON.parse lose the last digits.
    const nanoseconds = /"timeNano":(\d+)/.exec(line)?.[1]
    if (nanoseconds !== undefined) {
      const time = `${nanoseconds.slice(0, -9)}.${nanoseconds.slice(-9)}`
      if (time === known) return
      // The newest, whatever it says: the clock of the engine's machine may be set back.
      lastEvent = time
    }
    // Commands that are run in a container are none of its life.
    if (event.Action?.startsWith('exec_') === false) watcher.happened(event)
  }

  /** Rejects when the engine does not answer any more: one that is stopped ends no connection. */
  async function pingWhile(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      await sleep(pingMs, undefined, { signal: until, ref: false })
      await engine.ping()
    }
  }

  async function run(): Promise<void> {
    let waitMs = againMs.first
    while (!signal.aborted) {
      wasThere = false
      try {
        await attend()
      } catch (error) {
        if (!signal.aborted) watcher.lost(error as Error)
      }
      if (wasThere) waitMs = againMs.first
      // Many hubs that lost one engine do not come back at once.
      await sleep(waitMs * (0.75 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => undefined)
      waitMs = Math.min(2 * waitMs, againMs.most)
    }
  }
  const running = run()
  return {
    async close() {
      closing.abort()
      await running
    },
  }
}
