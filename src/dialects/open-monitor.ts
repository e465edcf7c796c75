// The messages `system_log` and `audit_log` (SPEC B3), and the options of clients that know of them (B7).
import type { DialectClient, DialectSession, Line, Recent } from '../contracts/dialect.ts'
import { severityName } from '../contracts/record.ts'
import { formatJson } from '../json/format-json.ts'
import { lineText } from './line-text.ts'
import { levelOf, readOptions } from './stream-options.ts'

/** `recent`: what comes first when the client asks for nothing. */
export function openMonitor(client: DialectClient, recent: Recent | undefined): DialectSession {
  const { parameters, follow, refuse } = client

  function begin(asked: URLSearchParams): void {
    const { query, shown, after, replay, isBatched, hasCursors } = readOptions(asked)
    const from = after !== undefined ? { after } : replay !== undefined ? { limit: replay } : recent ? { recent } : {}
    const form = hasCursors ? { form: 'monitor with cursors', encode: encodeWithCursor } : { form: 'monitor', encode }
    follow({ query, shown, ...from, isBatched, ...form })
  }

  begin(parameters)
  return {
    hear(message) {
      const { type, ...asked } = (message ?? {}) as Record<string, unknown>
      if (type !== 'subscribe') return
      try {
        begin(new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, String(value)])))
      } catch (error) {
        refuse(error)
      }
    },
  }
}

const encode = (line: Line): string => formatJson(messageOf(line))

/** The cursor stands beside what every client knows, and only where it was asked for. */
function encodeWithCursor(line: Line): string {
  return formatJson({ ...messageOf(line), cursor: line.cursor })
}

function messageOf(line: Line): { type: string; data: object } {
  const { logger = line.source, fields = {} } = line
  const common = {
    timestamp: new Date(line.time).toISOString(),
    level: levelOf(severityName(line.severity)),
    logger,
    message: lineText(line),
  }
  if (line.kind === 'audit') return { type: 'audit_log', data: { ...common, ...auditPart(fields) } }
  const { function: written, funcName = '', module = line.source, line: number, lineno = 0, ...extra } = fields
  const place = { module, function: written ?? funcName, line: number ?? lineno }
  return { type: 'system_log', data: { ...extra, ...common, ...place } }
}

function auditPart(fields: Record<string, unknown>): Record<string, unknown> {
  const names = ['action', 'metadata', 'instance_id', 'event_type']
  return Object.fromEntries(names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]))
}
