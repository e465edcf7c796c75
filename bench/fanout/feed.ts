// Lines at a steady pace, and where they are handed in: a hub takes them over HTTP, a peer makes them itself.
import { request, type Agent } from 'node:http'
import { markedLine } from './marked-lines.ts'

export interface Feeding {
  from: number
  count: number
  perSecond: number
}

/** Between two handfuls of lines. */
const tickMs = 20
/** At most, so that a server that is late is not given all at once what it should have sent long ago. */
const mostAtOnce = 80

/** Gives the numbers that are due; resolves when all were given. */
export async function pace(
  { from, count, perSecond }: Feeding,
  give: (first: number, lines: number) => unknown,
): Promise<void> {
  const startedAt = performance.now()
  for (let given = 0; given < count;) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond)
    const lines = Math.min(count, due, given + mostAtOnce) - given
    if (lines > 0) await give(from + given, lines)
    given += Math.max(0, lines)
    await new Promise((resolve) => setTimeout(resolve, due > given ? 0 : tickMs))
  }
}

/** Sources take turns, so that none has more lines in a second than a card shows. */
const sources = 40
const turnLines = 20
export const sourcePattern = 'voice-*'
const sourceOf = (n: number): string => `voice-${Math.floor(n / turnLines) % sources}`

/** A line as dashboards know it, made by hand. */
export function lineMessage(n: number): { type: 'log_stream'; data: object } {
  const data = { source: sourceOf(n), level: 'INFO', message: markedLine(n), timestamp: Date.now() / 1000 }
  return { type: 'log_stream', data: { ...data, process_id: '4711' } }
}

/** Posts lines to a hub. */
export function postLines(
  { url, key, agent }: { url: string; key: string; agent: Agent },
  first: number,
  lines: number,
): Promise<void> {
  const records = Array.from({ length: lines }, (_, index) => {
    const n = first + index
    return JSON.stringify({ source: sourceOf(n), level: 'info', message: markedLine(n) })
  })
  const headers = { 'content-type': 'application/x-ndjson', authorization: `Bearer ${key}` }
  return new Promise((resolve, reject) => {
    const posting = request(`${url}/api/v1/ingest`, { method: 'POST', headers, agent })
    posting.on('error', reject).on('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`ingest: ${response.statusCode}`))
      response.on('end', resolve).resume()
    })
    posting.end(records.join('\n'))
  })
}
