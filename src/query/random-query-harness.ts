// For tests: seeded random queries and records from a small stock of words, so that they often meet.
import { kinds, streams, type LogRecord } from '../record.ts'

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
  'time timeout Timeout out error port:80 port 80 8080 Größe ÄÖ a_b a.b x-1 /api/x "q" 42 4.5 🎉 [AUDIT] s3 C:\\x'.split(
    ' ',
  )
const names = ['web', 'worker', 'db-1']
const loggers = ['audit.users', 'http', 'Http.Server']
const keys = ['user.id', 'port', 'user', 'ok', 'path', 'traceId', 'fields.port', 'missing']

const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)]!

export function randomRecord(random: Random, now: number): LogRecord {
  const message = Array.from({ length: random(6) }, () => pick(random, words)).join(
    pick(random, [' ', ' ', '', '\t', ':']),
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
  if (random(3) === 0) record.logger = pick(random, loggers)
  if (random(4) === 0)
    record.traceId = pick(random, ['0af7651916cd43dd8448eb211c80319c', 'ffffffffffffffffffffffffffffff80'])
  if (random(2) === 0) record.fields = randomFields(random, 0)
  return record
}

function randomFields(random: Random, depth: number): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (let count = random(4); count >= 0; count--) {
    const key = pick(random, ['user', 'id', 'port', 'ok', 'path', 'note'])
    fields[key] = randomValue(random, depth)
  }
  return fields
}

function randomValue(random: Random, depth: number): unknown {
  switch (random(7)) {
    case 0:
      return pick(random, [42, 80, 4.5, 0, -1])
    case 1:
      return pick(random, [true, false, null])
    case 2:
      return depth < 2 ? randomFields(random, depth + 1) : 'deep'
    case 3:
      return [pick(random, words), pick(random, [42, 80])]
    default:
      return pick(random, words)
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
  switch (random(14)) {
    case 0:
      return `level${pick(random, [':', '>=', '>', '<', '<=', '!='])}${pick(random, ['debug', 'info', 'warn', 'error', '17'])}`
    case 1:
      return `source${pick(random, [':', '!='])}${pick(random, ['web', 'w*', '*', 'db-1', 'nobody'])}`
    case 2:
      return pick(random, ['stream:stderr', 'stream!=log', 'kind:audit', 'kind:gap', 'run:2', 'run>1', 'run<=2'])
    case 3:
      return pick(random, ['since:1h', 'until:30m', 'since:90m until:15m', 'session:*19', 'session:s-20251020'])
    case 4:
      return `logger:${pick(random, ['http', 'audit.*', '*server', 'HTTP.SERVER', '/^a/'])}`
    case 5:
      return `has:${pick(random, keys)}`
    case 6:
      return `${pick(random, keys)}${pick(random, ['>', '>=', '<', '<='])}${pick(random, ['42', '4.5', '0', 't'])}`
    case 7:
    case 8:
      return `${pick(random, keys)}${pick(random, [':', '=', '!='])}${pick(random, ['42', '80', 'time*', '*o*', 'true', 'null', 'port'])}`
    case 9:
      return pick(random, ['/time(out)?$/', '/^t/', '/[0-9]{2}/', 'port:/8./', 'message:/^a/', 'source:/^w/'])
    case 10:
      return `message:${pick(random, ['time', 'port', 'größe', '80'])}`
    case 11:
      return `-${quote(pick(random, words))}`
    default:
      return quote(`${pick(random, words)}${random(4) === 0 ? ` ${pick(random, words)}` : ''}`)
  }
}
