// A hub's API as functions.
import { LogboomError } from '../errors.ts'
import type { LogRecord } from '../record.ts'
import type { FollowRequest } from '../wire/follow-frame.ts'
import type { ErrorBody, HubInfo, SourceView } from '../wire/hub-view.ts'
import { openClientFollow, type FollowHandlers } from './follow.ts'
import type { Subscription } from './lasting-socket.ts'
import { receivedError } from './received-error.ts'
import { openClientStatus, type StatusHandlers } from './status.ts'

export interface SearchParameters {
  /** In the query language. */
  query?: string
  /** Only greater ids. */
  after?: number
  /** Only smaller ids. */
  before?: number
  /** Unix milliseconds, or as people say it: `15m`. */
  since?: number | string
  until?: number | string
  /** Default: newest first. */
  order?: 'newest' | 'oldest'
  /** 1 to 10,000, default 200. */
  limit?: number
}

export interface SearchAnswer {
  records: LogRecord[]
  /** To go on: the next `before` (newest first) or `after` (oldest first). */
  cursor: number
  /** True when there is more in that direction. */
  more: boolean
}

/** Every function rejects with LogboomError; `not-running` when nothing answers. */
export interface Client {
  hub(): Promise<HubInfo>
  sources(): Promise<SourceView[]>
  control(name: string, action: 'start' | 'stop' | 'restart'): Promise<SourceView>
  search(parameters?: SearchParameters, options?: { signal?: AbortSignal }): Promise<SearchAnswer>
  follow(request: FollowRequest, handlers: FollowHandlers): Subscription
  status(handlers: StatusHandlers): Subscription
  /** `keep` leaves the processes running for the next hub. */
  shutdown(options?: { keep?: boolean }): Promise<void>
}

/** `url`: where the hub is, `http://127.0.0.1:7420`; a page served by the hub gives `location.origin`. */
export function connect(url: string): Client {
  const base = url.replace(/\/+$/, '')
  const socketUrl = (path: string) => `${base.replace(/^http/, 'ws')}${path}`

  async function ask<Answer>(path: string, init?: RequestInit): Promise<Answer> {
    let response: Response
    try {
      response = await fetch(base + path, init)
    } catch (cause) {
      if (init?.signal?.aborted) throw cause
      throw new LogboomError('not-running', `Nothing answers at ${base}.`, { cause })
    }
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok) return answer as Answer
    const { error } = (answer ?? {}) as { error?: ErrorBody }
    if (error) throw receivedError(error)
    throw new LogboomError('internal', `${base}${path} answered with status ${response.status}.`)
  }

  return {
    hub: () => ask<HubInfo>('/api/v1/hub'),
    sources: async () => (await ask<{ sources: SourceView[] }>('/api/v1/sources')).sources,
    async control(name, action) {
      const path = `/api/v1/sources/${encodeURIComponent(name)}/${action}`
      return (await ask<{ source: SourceView }>(path, { method: 'POST' })).source
    },
    search(parameters = {}, { signal } = {}) {
      const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
      const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
      return ask<SearchAnswer>(`/api/v1/search?${text}`, signal ? { signal } : {})
    },
    follow: (request, handlers) => openClientFollow(socketUrl('/api/v1/follow'), request, handlers),
    status: (handlers) => openClientStatus(socketUrl('/api/v1/status'), handlers),
    async shutdown({ keep = false } = {}) {
      await ask('/api/v1/shutdown', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ keep }),
      })
    },
  }
}
