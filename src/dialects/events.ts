// `/ws/events` (SPEC C6): each line as `cantina_event`, or with `?topic=/dashboard/log` as the plain event of that topic.
import type { Dialect, Line } from '../contracts/dialect.ts'
import { LogboomError } from '../contracts/errors.ts'
import { severityName } from '../contracts/record.ts'
import { formatLocalTime } from '../time/clock.ts'
import type { CantinaEventData, CantinaEventMessage, DashboardLogMessage } from '../wire/dialect-messages.ts'
import { lineText } from './line-text.ts'
import { levelOf, readOptions } from './stream-options.ts'

const plainTopic = '/dashboard/log'
/** Per source and second (SPEC A6). */
export const eventRateLimit = 100
export const eventsReplayed = 100

export const events: Dialect = {
  name: 'events',
  paths: ['/ws/events', '/ws/events/'],
  about: 'Each line as an event of its service',
  open({ parameters, follow }) {
    const topic = parameters.get('topic')
    if (topic !== null && topic !== plainTopic && topic !== 'system_log')
      throw new LogboomError('request-invalid', `topic: there is no topic ${topic}`, {
        hint: `Right would be ${plainTopic}, or none.`,
      })
    const { query, shown, after } = readOptions(parameters)
    const form = topic === plainTopic ? 'plain-event' : 'event'
    const encode = topic === plainTopic ? encodePlain : encodeEvent
    const from = after === undefined ? { recent: { count: eventsReplayed, of: 'all' as const } } : { after }
    follow({ query, shown, ...from, rateLimit: eventRateLimit, collapse: true, form, encode })
    return {}
  },
}

/** The data of `cantina_event`. */
export function eventData(line: Line): CantinaEventData {
  return { ...common(line), topic: 'system_log' }
}

function common(line: Line): Omit<CantinaEventData, 'topic'> {
  return {
    timestamp: formatLocalTime(line.time),
    level: levelOf(severityName(line.severity)),
    service: line.service,
    message: lineText(line),
  }
}

function encodeEvent(line: Line): string {
  return JSON.stringify({ event: 'cantina_event', data: eventData(line) } satisfies CantinaEventMessage)
}

function encodePlain(line: Line): string {
  const message: DashboardLogMessage = { ...common(line), session_id: line.session, entry_id: line.entryId }
  return JSON.stringify(message)
}
