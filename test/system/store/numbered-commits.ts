// What is written to a store under test: commits that are a pure function of seed, number and attempt, so that whoever
// checks needs only to know which of them were acknowledged, and a record of any other is recognised.
import type { RecordBatch } from '../../../src/contracts/batch.ts'
import { recordsOf } from '../../../src/query/read/records-of.ts'
import type { LogRecord } from '../../../src/contracts/record.ts'
import type { Entry } from '../../../src/contracts/source-storage.ts'
import { shapeEntries } from '../../../src/shape/shape-entries.ts'
import type { CursorValue } from '../../../src/contracts/store.ts'
import { seededRandom, type Random } from './seeded-random.ts'

export interface NumberedCommit {
  /** From 1. */
  number: number
  /** A commit that was refused is tried again as the next attempt, with the same records but for this number. */
  attempt: number
  batches: RecordBatch[]
  cursors: Map<string, CursorValue | null>
  /** What a search must give back. */
  records: LogRecord[]
  /** Highest id after it. */
  head: number
}

export interface NumberedCommits {
  /** `observed`: when it was captured; each call makes new batches. */
  commit(number: number, attempt: number, observed: number): NumberedCommit
}

/** When a commit was captured, where nobody has a clock: some dozens in a day, so that days change. */
export const capturedAt = (number: number): number => Date.parse('2026-11-22T20:00:00Z') + number * 20 * 60_000

/** The key of the cursor that says which commit was the last. */
export const commitKey = 'commit'

const sources = ['api', 'db', 'web']
const words = 'accepted closed connection from the upstream in ms order user retry after failed größe ✓'.split(' ')
/** Every source starts a new run after so many commits. */
const commitsPerRun = 40
const hourMs = 3_600_000

/** What of a commit does not depend on the attempt. */
interface Plan {
  head: number
  /** Next sequence of each source in its run. */
  next: ReadonlyMap<string, number>
  run: number
  /** Lines of each batch. */
  batches: readonly (readonly [source: string, firstSeq: number, count: number])[]
}

/** `largest`: the most records of a batch. */
export function openNumberedCommits(seed: number, { largest = 40 }: { largest?: number } = {}): NumberedCommits {
  const plans: Plan[] = [{ head: 0, next: new Map(), run: 1, batches: [] }]

  function planOf(number: number): Plan {
    while (plans.length <= number) {
      const before = plans.at(-1)!
      const random = seededRandom(seed, plans.length)
      const run = 1 + Math.floor(plans.length / commitsPerRun)
      const next = new Map(run === before.run ? before.next : [])
      // Some commits only move a cursor.
      const batches = Array.from({ length: random.pick([0, 1, 1, 1, 1, 2, 3]) }, () => {
        const source = random.pick(sources)
        const count = random.chance(0.1) ? random.between(1, largest) : random.between(1, Math.min(largest, 5))
        const firstSeq = next.get(source) ?? 1
        next.set(source, firstSeq + count)
        return [source, firstSeq, count] as const
      })
      plans.push({ head: before.head + batches.reduce((sum, [, , count]) => sum + count, 0), next, run, batches })
    }
    return plans[number]!
  }

  return {
    commit(number, attempt, observed) {
      const before = planOf(number - 1)
      const { head, run, next, batches: shapes } = planOf(number)
      const random = seededRandom(seed, number, 1)
      const batches = shapes.map(([source, firstSeq, count]) => {
        const entries = Array.from({ length: count }, (_, index) =>
          entryOf(random, { source, seq: firstSeq + index, number, attempt, observed }),
        )
        return shapeEntries(entries, { source, run, session: `session-${run}`, pid: run }, observed, firstSeq)
      })
      let id = before.head
      const numbered = batches.map((batch) => ({ ...batch, id: batch.id.map(() => ++id) }))
      const cursors = new Map<string, CursorValue | null>([[commitKey, { number, attempt }]])
      for (const [source, seq] of next) cursors.set(`${source}/${run}`, { offset: seq })
      if (run !== before.run) for (const source of sources) cursors.set(`${source}/${before.run}`, null)
      return { number, attempt, batches, cursors, records: recordsOf(numbered, 'oldest'), head }
    },
  }
}

interface Place {
  source: string
  seq: number
  number: number
  attempt: number
  observed: number
}

function entryOf(random: Random, { source, seq, number, attempt, observed }: Place): Entry {
  const text = Array.from({ length: random.between(0, 12) }, () =>
    random.chance(0.3) ? random.between(0, 99_999) : random.pick(words),
  ).join(' ')
  const long = random.chance(0.01) ? ` ${'lorem ipsum '.repeat(random.between(100, 1000))}` : ''
  const offMs = random.chance(0.03) ? random.pick([-400 * 24, -2, 2, 24 * 365 * 70]) * hourMs : random.between(-500, 0)
  const extras = random.chance(0.2)
    ? { logger: 'app.orders', fields: { commit: number, user: { id: random.between(1, 50) }, ok: true } }
    : undefined
  return {
    message: `${source} seq=${seq} commit c${number} attempt a${attempt} ${text}${long}`,
    time: observed + offMs + (random.chance(0.3) ? 0.25 : 0),
    stream: random.pick(['stdout', 'stderr', 'log']),
    severity: random.pick([0, 5, 9, 9, 9, 9, 13, 17]),
    ...(extras ? { extras } : {}),
  }
}
