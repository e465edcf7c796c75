// An orchestrator as the original's clients are: it knows paths, headers and shapes, retries what was not answered, and nothing else.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Answer {
  status: number
  body: Record<string, unknown>
}

export interface Orchestrator {
  id: string
  /** `PUT`, `POST` or `GET` below `/api/internal/jobs`. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>
  /** The same, again and again until there is an answer. */
  insist(method: string, path: string, body?: unknown): Promise<Answer>
}

/** `urlOf`: where the hub is now; `token`: where it has users. */
export function openOrchestrator(id: string, urlOf: () => string, token?: string): Orchestrator {
  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${urlOf()}/api/internal/jobs${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-orchestrator-id': id,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  return {
    id,
    ask,
    async insist(method, path, body) {
      for (const deadline = Date.now() + 60_000; ; await sleep(20)) {
        try {
          return await ask(method, path, body)
        } catch (error) {
          if (Date.now() > deadline) throw error
        }
      }
    },
  }
}
