// Starts followers in another process and asks them what they got.
import { fork } from 'node:child_process'

export interface AudienceRequest {
  url: string
  path: string
  headers: Record<string, string>
  /** Messages of each client once it is connected. */
  hello: string[]
  clients: number
  reading: 'at once' | 'slowly' | 'never'
}

/** Lines to come: each client must get all of them, in order. Those with smaller numbers do not count. */
export interface AudienceOrder {
  from: number
  count: number
}

export interface Heard {
  deliveries: number
  p50Ms: number
  p99Ms: number
}

export type AudienceReport = { type: 'ready' } | { type: 'wrong'; text: string } | ({ type: 'done' } & Heard)

export interface Audience {
  /** Has lines sent; resolves when all clients have all of them, rejects when one got a wrong one. */
  hear(order: AudienceOrder, feed: () => unknown): Promise<Heard>
  close(): void
}

const patienceMs = 60_000
const program = new URL('./audience-main.ts', import.meta.url)

/** Resolves when all are connected. */
export async function openAudience(request: AudienceRequest): Promise<Audience> {
  const child = fork(program, [JSON.stringify(request)])
  const ready = answered('ready')

  function answered<Type extends AudienceReport['type']>(type: Type): Promise<Extract<AudienceReport, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => settle(() => reject(new Error(`${request.path}: waited in vain for ${type}`))),
        patienceMs,
      )
      const heard = (report: AudienceReport): void => {
        if (report.type === 'wrong') settle(() => reject(new Error(`${request.path}: ${report.text}`)))
        if (report.type === type) settle(() => resolve(report as Extract<AudienceReport, { type: Type }>))
      }
      const ended = (): void => settle(() => reject(new Error(`${request.path}: the clients ended`)))
      function settle(how: () => void): void {
        clearTimeout(late)
        child.off('message', heard).off('exit', ended)
        how()
      }
      child.on('message', heard).on('exit', ended)
    })
  }

  await ready
  return {
    async hear(order, feed) {
      const done = answered('done')
      const expecting = answered('ready')
      child.send(order)
      await expecting
      const [heard] = await Promise.all([done, feed()])
      return heard
    },
    close: () => void child.kill('SIGKILL'),
  }
}
