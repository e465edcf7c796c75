// `/ws` and `/ws/dashboard/` (SPEC A5): the cards of the original dashboards, one message a line, the recent ones first.
import type { Dialect, Line, Wish } from '../contracts/dialect.ts'
import { severityName } from '../contracts/record.ts'
import type { LogStreamMessage } from '../wire/dialect-messages.ts'
import { hubSource } from '../text/source-name.ts'
import { lineText } from './line-text.ts'
import { levelOf, readOptions } from './stream-options.ts'

/** Per source and second (SPEC A6). */
const rateLimit = 100
const replayed = 100

export const logStream: Dialect = {
  name: 'log_stream',
  paths: ['/ws', '/ws/', '/ws/dashboard', '/ws/dashboard/'],
  about: 'What processes print and the hub says, for their cards',
  open({ parameters, follow, replay, send }) {
    const { query, shown } = readOptions(parameters)
    const recent = { count: replayed, of: 'source' } as const
    const wish: Wish = { query, shown, recent, rateLimit, collapse: true, form: 'log_stream', encode }
    follow(wish)
    return {
      hear(message) {
        const { type, timestamp } = (message ?? {}) as { type?: unknown; timestamp?: unknown }
        if (type === 'ping')
          send(JSON.stringify({ type: 'pong', timestamp: isTimestamp(timestamp) ? timestamp : secondsNow() }))
        if (type === 'get_recent_messages') replay(wish)
      },
      beat: () => JSON.stringify({ type: 'ping', timestamp: secondsNow() } satisfies LogStreamMessage),
    }
  },
}

function encode(line: Line): string {
  const level = levelOf(severityName(line.severity))
  return JSON.stringify({
    type: 'log_stream',
    data: {
      source: line.source === hubSource ? 'dashboard' : line.source,
      level: level === 'CRITICAL' ? 'ERROR' : level,
      message: lineText(line),
      timestamp: line.time / 1000,
      process_id: `${line.pid}`,
    },
  } satisfies LogStreamMessage)
}

/** Whatever else is sent under the name is not sent back. */
const isTimestamp = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value.length <= 64)

const secondsNow = (): number => Date.now() / 1000
