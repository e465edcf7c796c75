// Posts to a hub's intake, one at a time, over a connection that is kept.
import http from 'node:http'
import https from 'node:https'
import type { Answer } from './next-step.ts'

export interface Poster {
  /** Never rejects: no answer is an answer, too. */
  post(batch: string, lines: Uint8Array): Promise<Answer>
  close(): void
}

export interface PosterOptions {
  /** Of the hub; a path before the API's own is kept. */
  url: string
  token: string | undefined
  source: string
}

/** The hub answers when the records are stored. */
const answerTimeoutMs = 60_000
const maxAnswerBytes = 64 * 1024

export function openPoster({ url, token, source }: PosterOptions): Poster {
  const { protocol } = new URL(url)
  const { Agent, request } = protocol === 'https:' ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })

  return {
    post: (batch, lines) =>
      new Promise((resolve) => {
        const address = new URL(`${url.replace(/\/+$/, '')}/api/v1/ingest`)
        address.searchParams.set('source', source)
        address.searchParams.set('batch', batch)
        const headers: http.OutgoingHttpHeaders = {
          'content-type': 'application/x-ndjson',
          'content-length': lines.length,
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        }
        const sent = request(address, { method: 'POST', agent, headers, timeout: answerTimeoutMs })
        const noAnswer = (error: Error): void => resolve({ message: error.message })
        sent.on('timeout', () => sent.destroy(new Error(`no answer within ${answerTimeoutMs / 1000} s`)))
        sent.on('error', noAnswer)
        sent.on('response', (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            if (text.length < maxAnswerBytes) text += part
          })
          response.on('error', noAnswer)
          response.on('end', () => {
            const { code, message } = errorOf(text)
            const { statusCode: status, headers: answered } = response
            resolve({ ...(status ? { status } : {}), retryAfter: answered['retry-after'], code, message })
          })
        })
        sent.end(lines)
      }),
    close: () => agent.destroy(),
  }
}

function errorOf(text: string): { code?: string; message?: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } }
    return error ?? {}
  } catch {
    return { message: text.slice(0, 200) }
  }
}
