// An entry of systemd's journal, as `journalctl --output=json` writes it → a record.
import { isUtf8 } from 'node:buffer'
import { numberOfDigits } from '../json/written-number.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { isAudit } from '../text/audit.ts'
import { shapeSyslog } from '../syslog/syslog.ts'

export interface JournalEntry {
  /** Its place in the journal. */
  cursor: string
  /** Several of a message that is too long for one. */
  entries: Entry[]
}

/** Of the many fields of an entry, those that become parts of a record. */
export const journalFields: readonly string[] = [
  'MESSAGE',
  'PRIORITY',
  'SYSLOG_FACILITY',
  'SYSLOG_IDENTIFIER',
  'MESSAGE_ID',
  'UNIT',
  'USER_UNIT',
  '_SYSTEMD_UNIT',
  '_SYSTEMD_USER_UNIT',
  '_PID',
  '_COMM',
  '_HOSTNAME',
  '_TRANSPORT',
  'CODE_FILE',
  'CODE_LINE',
  'CODE_FUNC',
]

/** Text, or bytes where it is no UTF-8 or not printable; a list of them where the field is there several times. */
type Value = string | number[] | null | (string | number[] | null)[]

const info = 6
/** In one record. */
const mostCharacters = 256 * 1024

/** `host` is this machine's, which need not be named; `more` are fields to be kept besides. */
export function readJournalEntry(line: string, host: string, more: readonly string[]): JournalEntry {
  const object = JSON.parse(line) as Record<string, Value>
  const text = (name: string): string | undefined => bytesOf(object[name])?.toString()
  const message = bytesOf(object['MESSAGE']) ?? Buffer.alloc(0)
  const level = text('PRIORITY')
  const facility = text('SYSLOG_FACILITY')
  const app = text('SYSLOG_IDENTIFIER') ?? text('_COMM')
  const processId = text('_PID')
  const hostname = text('_HOSTNAME')
  const codeLine = text('CODE_LINE')
  // Of what services print the journal says INFO, whatever it is; so it is looked at like what processes print.
  const isPrinted = text('_TRANSPORT') === 'stdout' && Number(level) === info
  const shaped = shapeSyslog({
    time: Number(text('__REALTIME_TIMESTAMP')) / 1000,
    ...(level === undefined || isPrinted ? {} : { level: Number(level) }),
    ...(facility === undefined ? {} : { facility: Number(facility) }),
    ...(app === undefined ? {} : { app }),
    ...(processId === undefined ? {} : { processId }),
    ...(hostname === undefined || hostname === host ? {} : { host: hostname }),
  })
  const own = {
    'systemd.unit': text('UNIT') ?? text('USER_UNIT') ?? text('_SYSTEMD_UNIT') ?? text('_SYSTEMD_USER_UNIT'),
    'systemd.message_id': text('MESSAGE_ID'),
    'code.file.path': text('CODE_FILE'),
    'code.line.number': codeLine === undefined ? undefined : numberOfDigits(codeLine),
    'code.function.name': text('CODE_FUNC'),
    'logboom.bytes': isUtf8(message) ? undefined : message.toString('base64'),
    ...Object.fromEntries(more.map((name) => [name, textsOf(object[name])])),
  }
  const fields = {
    ...shaped.fields,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
  }
  const { time, severity, logger } = shaped
  const words = message.toString()
  const entry: Entry = {
    message: words,
    time: time!,
    ...(isAudit(logger, words) ? { kind: 'audit' } : {}),
    ...(severity === undefined ? {} : { severity }),
    extras: { ...(logger === undefined ? {} : { logger }), ...(Object.keys(fields).length > 0 ? { fields } : {}) },
  }
  return { cursor: text('__CURSOR') ?? '', entries: words.length > mostCharacters ? inParts(entry) : [entry] }
}

/** Marked as those of lines that processes print. */
function inParts(entry: Entry): Entry[] {
  const { message, extras } = entry
  const parts: Entry[] = []
  for (let at = 0; at < message.length;) {
    let to = Math.min(at + mostCharacters, message.length)
    // Not between the halves of a character.
    if ((message.charCodeAt(to) & 0xfc00) === 0xdc00) to--
    const mark = {
      'logboom.fragment': parts.length + 1,
      ...(to === message.length ? { 'logboom.lastFragment': true } : {}),
    }
    parts.push({
      ...entry,
      message: message.slice(at, to),
      extras: { ...extras, fields: { ...extras?.fields, ...mark } },
    })
    at = to
  }
  return parts
}

/** Of a field that is there several times, all. */
function textsOf(value: Value | undefined): string | string[] | undefined {
  const isSeveral = Array.isArray(value) && !value.every((each) => typeof each === 'number')
  if (!isSeveral) return bytesOf(value)?.toString()
  return value.flatMap((each) => bytesOf(each)?.toString() ?? [])
}

function bytesOf(value: Value | undefined): Buffer | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return Buffer.from(value)
  if (value.every((each) => typeof each === 'number')) return Buffer.from(value)
  // The first that was said.
  return bytesOf(value[0])
}
