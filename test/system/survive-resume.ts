// Hubs killed under clients that have cursors: each goes on where it was, without gap or repeat.
import { prepareHub, until } from '../hub-process.ts'
import { openResumingClients } from './resuming-clients.ts'

/** Counts on its standard output; its log goes on while no hub is there. */
export const counting = `let n = 0; setInterval(() => { console.log('n=' + n++) }, 20)`

export interface ResumePlan {
  clients: number
  kills: number
  /** From the start of the next hub until all have gone on. */
  withinMs?: number
}

/** Gives the longest time that clients needed. */
export async function surviveResume({ clients: count, kills, withinMs }: ResumePlan): Promise<{ slowestMs: number }> {
  const hub = prepareHub({ processes: { counter: { command: [process.execPath, '-e', counting] } } })
  await hub.start()
  const clients = openResumingClients(hub, count)
  let slowestMs = 0
  try {
    await allGoOn(20)
    for (let kill = 0; kill < kills; kill++) {
      await hub.kill()
      hub.launch()
      const startedAt = performance.now()
      await hub.ready()
      await allGoOn(1, withinMs)
      slowestMs = Math.max(slowestMs, performance.now() - startedAt)
      await allGoOn(20)
    }
    return { slowestMs }
  } finally {
    for (const { close } of clients) close()
    await hub.close()
  }

  /** Each has so many more numbers. */
  async function allGoOn(more: number, timeoutMs?: number): Promise<void> {
    const before = clients.map(({ next }) => next() ?? 0)
    const late = (): string[] =>
      clients.filter(({ next }, index) => (next() ?? 0) < before[index]! + more).map(({ kind }) => kind)
    const isOver = (): boolean => late().length === 0 || clients.some(({ wrong }) => wrong())
    await until('every client goes on', isOver, timeoutMs).catch((cause: unknown) => {
      throw new Error(`Late: ${late().join(', ')}`, { cause })
    })
    const wrong = clients.map((client) => client.wrong()).find(Boolean)
    if (wrong) throw new Error(wrong)
  }
}
