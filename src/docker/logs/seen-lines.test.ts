// A simulated log under simulated readers: rotated at random, followed by follows that repeat, leave out and end as engines' do, read by
// hubs that are killed with what they have kept.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LogLine } from './log-lines.ts'
import { betweenOf, floorsOf, liesBetween, openSeenLines, type Place, type SeenState } from './seen-lines.ts'

type Stream = LogLine['stream']

interface Written {
  id: number
  stream: Stream
  time: string
}

const timeAt = (tick: number): string =>
  `${String(1_000_000 + Math.floor(tick / 10)).padStart(10, '0')}.${tick % 10}00000000`

/** As the line reader numbers what an engine gives. */
function numbered(lines: readonly Written[]): (LogLine & { id: number })[] {
  const last = new Map<Stream, { time: string; count: number }>()
  return lines.map(({ id, stream, time }) => {
    const before = last.get(stream)
    const count = before?.time === time ? before.count + 1 : 1
    last.set(stream, { time, count })
    return { id, stream, time, ordinal: count, text: Buffer.from(String(id)), isDoubtful: false }
  })
}

/** The engine: what it still has, and where a follow is. */
function openLog(isRotated: boolean) {
  const all: Written[] = []
  let first = 0
  return {
    write(stream: Stream, time: string) {
      all.push({ id: all.length, stream, time })
    },
    rotate(keep: number) {
      if (isRotated) first = Math.max(first, all.length - keep)
    },
    kept: () => all.slice(first),
    since: (time = '') => all.slice(first).filter((line) => line.time >= time),
    length: () => all.length,
    isWhole: () => first === 0,
    from: (index: number) => all.slice(Math.max(index, first)),
  }
}

/** The hub, as far as lines are concerned; `kept` is what outlives it. */
function openReader(kept: { seen: SeenState; had: Written[]; missing: number }) {
  const seen = openSeenLines(kept.seen)
  let unchecked = betweenOf(kept.seen) > 0 ? kept.seen : undefined
  function take(lines: readonly ((LogLine & { id: number }) | undefined)[], isProven: boolean): void {
    for (const line of lines) {
      if (!line || !seen.add(line, isProven)) continue
      kept.had.push({ id: line.id, stream: line.stream, time: line.time })
      kept.seen = seen.state()
    }
  }
  return {
    seen,
    take,
    /** `most`: lines until it is broken off. */
    read(log: ReturnType<typeof openLog>, most = Infinity) {
      const earlier = unchecked
      const from = earlier ? openSeenLines(floorsOf(earlier)) : seen
      const last = from.newestFloor()
      const lines = numbered(log.since(from.since('floor'))).slice(0, most)
      // What is not there any more is a gap of unknown size.
      const isThere = last
        ? lines.some(({ stream, time }) => stream === last.stream && time === last.time)
        : log.isWhole()
      if (!isThere) kept.missing = Infinity
      const places = new Map<Stream, Place>()
      let between = 0
      for (const line of lines) {
        places.set(line.stream, { time: line.time, count: line.ordinal })
        if (earlier && liesBetween(earlier, line)) between++
      }
      take(lines, false)
      if (most < Infinity) return
      if (earlier) kept.missing += Math.max(0, between - betweenOf(earlier))
      unchecked = undefined
      seen.checked()
      seen.prove(places)
      kept.seen = seen.state()
    },
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('write' as const), count: fc.nat(8), ticks: fc.nat(3), errors: fc.nat(3), late: fc.nat(50) }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('follow' as const), leaveOut: fc.nat(4), repeat: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('end' as const) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('read' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('rotate' as const), keep: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('kill' as const), reading: fc.nat(20) }) },
) // prettier-ignore

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** Gives what the reader has, and what the log still has, after a last reading of all. */
function simulate(steps: readonly Step[], isRotated: boolean): { had: Written[]; left: Written[]; missing: number } {
  const log = openLog(isRotated)
  const kept = { seen: {} as SeenState, had: [] as Written[], missing: 0 }
  let reader = openReader(kept)
  /** Index of the next line that the follow gives, and its numbers so far. */
  let following: { next: number; given: Written[] } | undefined
  let tick = 100
  let lastError = 0

  function begin(): NonNullable<typeof following> {
    reader.read(log)
    const since = reader.seen.since('newest')
    const given = log.since(since)
    reader.take(numbered(given), !isRotated)
    return { next: log.length(), given }
  }

  for (const each of steps) {
    if (each.does === 'write')
      for (let i = 0; i < each.count; i++) {
        tick += each.ticks
        // One line per time and stream where follows leave out lines: an engine has nanoseconds.
        if (isRotated) tick++
        log.write('stdout', timeAt(tick))
        // Both streams together are not in the order of time.
        if (i < each.errors) log.write('stderr', timeAt(Math.max(lastError, tick - each.late)))
        if (i < each.errors) lastError = Math.max(lastError, tick - each.late) + (isRotated ? 1 : 0)
      }
    else if (each.does === 'rotate') log.rotate(each.keep)
    else if (each.does === 'read') reader.read(log)
    else if (each.does === 'end') following = undefined
    else if (each.does === 'kill') {
      if (each.reading > 0) reader.read(log, each.reading)
      reader = openReader(kept)
      following = undefined
    } else if (!following) following = begin()
    else {
      const leaveOut = isRotated ? each.leaveOut : 0
      const repeated = isRotated && each.repeat > 0 ? following.given.slice(-each.repeat) : []
      const before = following.given.length
      following.given.push(...repeated, ...log.from(following.next + leaveOut))
      reader.take(withoutRepeated(numbered(following.given)).slice(before), !isRotated)
      following.next = Math.max(following.next, log.length())
    }
  }
  reader.read(log)
  return { had: kept.had, left: log.kept(), missing: kept.missing }
}

/** As the reader of a log leaves out a line that is the same as the one before; `undefined` stands in its place. */
function withoutRepeated<Line extends Written>(lines: readonly Line[]): (Line | undefined)[] {
  const last = new Map<Stream, number>()
  return lines.map((line) => {
    const isSame = last.get(line.stream) === line.id
    last.set(line.stream, line.id)
    return isSame ? undefined : line
  })
}

function checkOrder(had: readonly Written[]): void {
  for (const stream of ['stdout', 'stderr']) {
    const ids = had.filter((line) => line.stream === stream).map(({ id }) => id)
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
      stream,
    )
  }
}

test('each line of a log that keeps all is there once and in order, whatever ends and is killed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const { had, left } = simulate(steps, false)
      checkOrder(had)
      assert.equal(had.length, left.length)
      assert.equal(new Set(had.map(({ id }) => id)).size, left.length)
    }),
    { numRuns: 2000 },
  )
})

test('of a log that is rotated nothing is there twice, and what it still has is there or told as missing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const { had, left, missing } = simulate(steps, true)
      const ids = new Set(had.map(({ id }) => id))
      assert.equal(ids.size, had.length, 'nothing twice')
      const lost = left.filter(({ id }) => !ids.has(id))
      assert.ok(lost.length <= missing, `${lost.length} lost, ${missing} told`)
    }),
    { numRuns: 2000 },
  )
})
