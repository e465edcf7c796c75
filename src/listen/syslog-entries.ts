// Syslog messages of one sender → records. Nothing is refused: what is no syslog message is a record with its text.
import { isUtf8 } from 'node:buffer'
import { isLoopback } from '../system/loopback.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { isAudit } from '../text/audit.ts'
import { parseSyslog, shapeSyslog } from '../syslog/syslog.ts'
import type { SyslogFrame } from '../syslog/syslog-frames.ts'

export interface SyslogEntries {
  read(frame: SyslogFrame, capturedMs: number): Entry
}

export function openSyslogEntries(peer: string): SyslogEntries {
  /** Sender, since the host that a message names may be absent or untrue; this machine goes without saying. */
  const origin = isLoopback(peer) ? {} : { 'network.peer.address': peer }
  /** Of a message in parts: only the first says what all of it is. */
  let first: Entry | undefined

  return {
    read({ bytes, fragment, isLast }, capturedMs) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      const text = buffer.toString()
      const entry = first ? { ...first, message: text } : readMessage(text, capturedMs)
      first = fragment === undefined || isLast ? undefined : (first ?? entry)
      const more = {
        ...origin,
        ...(fragment === undefined ? {} : { 'logboom.fragment': fragment }),
        ...(isLast ? { 'logboom.lastFragment': true } : {}),
        ...(isUtf8(bytes) ? {} : { 'logboom.bytes': buffer.toString('base64') }),
      }
      if (Object.keys(more).length === 0) return entry
      return { ...entry, extras: { ...entry.extras, fields: { ...entry.extras?.fields, ...more } } }
    },
  }
}

function readMessage(text: string, capturedMs: number): Entry {
  const parsed = parseSyslog(text, capturedMs)
  if (!parsed) return { message: text }
  const { message, ...header } = parsed
  const { time, severity, logger, fields } = shapeSyslog(header)
  return {
    message,
    ...(isAudit(logger, message) ? { kind: 'audit' } : {}),
    ...(time === undefined ? {} : { time }),
    ...(severity === undefined ? {} : { severity }),
    extras: { ...(logger === undefined ? {} : { logger }), ...(fields ? { fields } : {}) },
  }
}
