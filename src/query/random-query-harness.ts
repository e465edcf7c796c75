// For tests: seeded random queries and records from a small stock of words, so that they often meet.
import { repeat } from '../json/repeated-values.ts'
import { WrittenNumber } from '../json/written-number.ts'
import { kinds, streams, type LogRecord } from '../contracts/record.ts'
import { templateId, templateOf } from '../text/template.ts'

export type Random = (below: number) => number

export function seededRandom(seed: number): Random {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const words =
  'time timeout Timeout out error port:80 port 80 8080 Größe ÄÖ a_b a.b x-1 /api/x "q" 42 4.5 🎉 [AUDIT] s3 C:\\x ſt <*>'.split(
    ' ',
  )
const names = ['web', 'worker', 'db-1']
const loggers = ['audit.users', 'http', 'Http.Server']
const keys = [
  'user.id', 'port', 'user', 'ok', 'path', 'traceId', 'trace_id', 'TRACE_ID', 'SPANID', 'trace.id', 'Span.id', 'log.logger', 'fields.trace.id', 'fields.port', 'missing', 'user.user.id',
  'größe', 'list.id', 'fields.logger', 'note.', 'fields.user.port',
] // oxfmt-ignore

/** Terminal sequences, whole and broken off. */
const sequences = ['\x1b[31m', '\x1b[0m', '\x1b[38;2;1;2;3m', '\x1b[38:2::1:2:3m', '\u009b1m', '\x1b]8;;http://port/\x1b\\', '\x1b]8;;\x07', '\x1b(B', '\x1b'] // oxfmt-ignore

/** With sequences between its letters, now and then. */
function coloured(random: Random, text: string): string {
  if (random(4) > 0) return text
  return Array.from(text, (letter) => {
    const sequence = random(5) === 0 ? pick(random, sequences) : ''
    // An escape alone would take what follows for its own.
    return (sequence === '\x1b' && !/[^\x00-\x7f]/.test(letter) ? '' : sequence) + letter
  }).join('')
}

const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)]!

export function randomRecord(random: Random, now: number): LogRecord {
  const message = coloured(
    random,
    Array.from({ length: random(6) }, () => pick(random, words)).join(pick(random, [' ', ' ', '', '\t', ':'])),
  )
  const record: LogRecord = {
    id: 1,
    time: now - random(7_200_000),
    observed: now,
    source: pick(random, names),
    run: 1 + random(3),
    seq: 1,
    stream: pick(random, streams),
    kind: pick(random, kinds),
    severity: 1 + random(24),
    session: pick(random, ['s-20251019', 's-20251020']),
    message,
  }
  if (random(3) === 0) record.logger = coloured(random, pick(random, loggers))
  if (random(4) === 0)
    record.traceId = pick(random, ['0af7651916cd43dd8448eb211c80319c', 'ffffffffffffffffffffffffffffff80'])
  if (random(8) === 0) record.spanId = pick(random, ['00f067aa0ba902b7', 'ffffffffffffff80'])
  if (random(2) === 0) record.fields = randomFields(random, 0)
  return record
}

function randomFields(random: Random, depth: number): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (let count = random(4); count >= 0; count--) {
    const key = pick(random, [
      'user', 'id', 'port', 'ok', 'path', 'note', 'user.id', 'list', 'größe', 'trace_id', 'logger', 'say "x"', 'trace', 'trace.id', 'log',
    ]) // oxfmt-ignore
    const value = randomValue(random, depth)
    fields[key] = random(20) ? value : repeat(value, randomValue(random, depth))
  }
  return fields
}

/** Numbers that JavaScript would write otherwise. */
const written = [
  '42.0', '4.50', '4.2e1', '80E0', '-0', '-1.0', '0.420e2', '9007199254740993', '9007199254740994.0', '1e400', '1E-400',
] // oxfmt-ignore

function randomValue(random: Random, depth: number): unknown {
  switch (random(8)) {
    case 0:
      return random(2) ? pick(random, [42, 80, 4.5, 0, -1, 4.2e1, 1e21, 0.1]) : new WrittenNumber(pick(random, written))
    case 1:
      return pick(random, [true, false, null])
    case 2:
      return depth < 2 ? randomFields(random, depth + 1) : 'deep'
    case 3:
      return [pick(random, words), pick(random, [42, 80]), ...(depth < 2 ? [randomFields(random, depth + 1)] : [])]
    case 4:
      return pick(random, ['42.0', '4.2e1', '8e1', ' 80 ', '', 'two\nlines "quoted"'])
    default:
      return coloured(random, pick(random, words))
  }
}

/** A query that is always valid. */
export function randomQuery(random: Random, depth = 0): string {
  const kind = random(depth > 2 ? 6 : 10)
  const inner = () => randomQuery(random, depth + 1)
  switch (kind) {
    case 6:
      return `${inner()} ${inner()}`
    case 7:
      return `(${inner()} OR ${inner()})`
    case 8:
      return `NOT (${inner()})`
    case 9:
      return `(${inner()} AND ${inner()})`
    default:
      return randomTerm(random)
  }
}

function randomTerm(random: Random): string {
  const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
  const comparison = () => pick(random, [':', '>=', '>', '<', '<=', '!='])
  switch (random(20)) {
    case 0:
      return pick(random, [
        `level${comparison()}${pick(random, ['debug', 'info', 'warn', 'error', '17'])}`,
        'level:info..error',
        'level!=13..',
      ])
    case 1:
      return `source${pick(random, [':', '!='])}${pick(random, ['web', 'w*', '*', 'db-1', 'nobody'])}`
    case 2:
      return pick(random, [
        'stream:stderr', 'stream!=log', 'kind:audit', 'kind:gap', 'run:2', 'run>1', 'run<=2', 'run:2..3', 'run:(1 OR 3)',
      ]) // oxfmt-ignore
    case 3:
      return pick(random, ['since:1h', 'until:30m', 'since:90m until:15m', 'session:*19', 'session:s-20251020'])
    case 4:
      return random(3) === 0
        ? `service${pick(random, [':', '!='])}${pick(random, ['web', '"Front End"', 'http', '*e*', '"DB 1"', 'audit'])}`
        : `logger:${pick(random, ['http', 'audit.*', '*server', 'HTTP.SERVER', '/^a/', '*', '*t*p*'])}`
    case 5:
      return `has:${pick(random, [...keys, 'fields', 'logger', 'message'])}`
    case 6:
      return `${pick(random, keys)}${pick(random, ['>', '>=', '<', '<='])}${pick(random, ['42', '4.5', '0', 't', '9007199254740992', '9007199254740993', '1e400'])}`
    case 7:
    case 8:
      return `${pick(random, keys)}${pick(random, [':', '=', '!='])}${pick(random, ['42', '42.0', '80', 'time*', '*o*', 'true', 'null', 'port', '"42"', '8e1', '1e+21', '""', '-0', '9007199254740993', '9007199254740992', '1e400', '4.50'])}`
    case 9:
      return pick(random, ['/time(out)?$/', '/^t/', '/[0-9]{2}/', 'port:/8./', 'message:/^a/', 'source:/^w/', '/ST/'])
    case 10:
      return `message:${pick(random, ['time', 'port', 'größe', '80'])}`
    case 11:
      return `-${quote(pick(random, words))}`
    case 12:
      return `${pick(random, ['id', 'seq'])}${pick(random, [':3', '>=2', '>5', '<9', '<=4', '!=1', ':2..6', ':..3', ':7..', ':time', '>t'])}`
    case 13:
      return `time${pick(random, [':1h', '>=90m', '<30m', ':90m..15m', '!=1h', ':..20m', ':today', '<=yesterday'])}`
    case 14:
      return `${pick(random, keys)}${pick(random, [':', '!='])}${pick(random, ['40..80', '..42', '4.5..4.5', '9007199254740993..1e401', '0..*', '-1..0', 'a..b'])}`
    case 15: {
      const text = Array.from({ length: random(3) }, () => pick(random, words)).join(pick(random, [' ', '', ':']))
      const id = templateId(templateOf(text))
      return `${pick(random, ['template', 'pattern'])}:${pick(random, text ? [quote(text), id, `${id.slice(0, 4)}*`] : [id])}`
    }
    case 16:
    case 17:
      return `${pick(random, ['', '', 'message:', 'port:', 'user.id:'])}/${randomPattern(random)}/`
    default:
      return quote(`${pick(random, words)}${random(4) === 0 ? ` ${pick(random, words)}` : ''}`)
  }
}

/** A regular expression that means the same to RE2 and to JavaScript, and that does not explode there. */
export function randomPattern(random: Random, depth = 0): string {
  const branch = () =>
    Array.from({ length: 1 + random(4) }, () =>
      random(depth < 2 ? 9 : 6) < 6 ? randomAtom(random) : randomGroup(random, depth + 1),
    ).join('')
  return Array.from({ length: 1 + (random(3) === 0 ? random(3) : 0) }, branch).join('|')
}

function randomAtom(random: Random): string {
  const atom = pick(random, [
    'time', 'out', 'TIME', 'port', 'rr', '80', 'o', 'im', 'st', 'k', 'er', 't', '8', ':', '\\.', '\\[',
    '.', '[a-t]', '\\d', '[^e]', '\\w', '[\\]8]', 'ä', '\\x74', '^', '$', '\\b',
  ]) // oxfmt-ignore
  const repeat = pick(random, ['', '', '', '', '', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '+?', '*?'])
  return repeat ? `(?:${atom})${repeat}` : atom
}

function randomGroup(random: Random, depth: number): string {
  return `${pick(random, ['(', '(?:'])}${randomPattern(random, depth)})${pick(random, ['', '', '?', '{2}', '{0}'])}`
}
