// Knows what must be in a store: every record of an acknowledged commit exactly once, in order and unchanged, its cursors
// and sequences with it, and nothing of a commit that was refused.
import assert from 'node:assert/strict'
import { recordsOf } from '../../../src/query/read/records-of.ts'
import type { SearchRequest } from '../../../src/contracts/request.ts'
import type { LogRecord } from '../../../src/contracts/record.ts'
import type { CursorValue, SearchPage, Store, StoreReader } from '../../../src/contracts/store.ts'
import { commitKey, type NumberedCommit } from './numbered-commits.ts'
import type { Random } from './seeded-random.ts'

/** What the error says when a commit that was acknowledged is not there; some move only cursors. */
export const whatWasLost: RegExp = /the head|cursors|records instead/

export interface CommitOracle {
  /** The number of the last commit that was acknowledged. */
  last(): number
  head(): number
  /** Of what is acknowledged. */
  records(): readonly LogRecord[]
  acknowledge(commit: NumberedCommit): void
  /** These were removed on purpose. */
  forget(isGone: (record: LogRecord) => boolean): void
  /** From now on records for which this holds may be there or not: they were removed on purpose. */
  allowToMiss(holds: (record: LogRecord) => boolean): void
  mayMiss(record: LogRecord): boolean
  /** Throws unless the store has exactly what was acknowledged. */
  check(store: Store): Promise<void>
  /**
   * The same after a crash: one of `possible`, which were under way, may be there, too, as a whole; it counts as
   * acknowledged then, and is returned.
   */
  recover(store: Store, possible: readonly NumberedCommit[]): Promise<NumberedCommit | undefined>
}

export function openCommitOracle(): CommitOracle {
  let records: LogRecord[] = []
  const cursors = new Map<string, CursorValue>()
  const sequences = new Map<string, { run: number; seq: number }>()
  const removals: ((record: LogRecord) => boolean)[] = []
  let last = 0
  let head = 0

  const mayMiss = (record: LogRecord): boolean => removals.some((holds) => holds(record))

  function acknowledge(commit: NumberedCommit): void {
    assert.equal(commit.number, last + 1, 'commits are acknowledged in order')
    last = commit.number
    head = commit.head
    for (const record of commit.records) {
      records.push(record)
      sequences.set(record.source, record)
    }
    for (const [key, cursor] of commit.cursors)
      if (cursor) cursors.set(key, cursor)
      else cursors.delete(key)
  }

  async function check(store: Store): Promise<void> {
    assert.equal(store.head(), head, 'the head')
    assert.deepEqual({ cursors: new Map(store.cursors()) }, { cursors })
    for (const [source, { run, seq }] of sequences)
      assert.equal(store.sequence(source, run), seq, `of ${source}/${run}`)
    // More may be committed while this reads.
    const expected = [...records]
    const before = head + 1
    assertSame(await collect(store, { order: 'oldest', before }), expected, mayMiss)
    assertSame(await collect(store, { order: 'newest', before }), expected.toReversed(), mayMiss)
  }

  return {
    last: () => last,
    head: () => head,
    records: () => records,
    acknowledge,
    forget: (isGone) => void (records = records.filter((record) => !isGone(record))),
    allowToMiss: (holds) => void removals.push(holds),
    mayMiss,
    check,
    async recover(store, possible) {
      const { number = 0, attempt = 0 } = store.cursors().get(commitKey) ?? {}
      const survivor = possible.find((commit) => commit.number === number && commit.attempt === attempt)
      // It may have been seen already, by a life that ended in the middle of this.
      if (survivor && survivor.number > last) acknowledge(survivor)
      await check(store)
      return survivor
    },
  }
}

/** All that a search gives; each page is held to what `SearchPage` promises. */
export async function collect(reader: StoreReader, request: SearchRequest): Promise<LogRecord[]> {
  const found: LogRecord[] = []
  const take = openPageCheck(request)
  for await (const page of reader.search(request)) found.push(...take(page))
  return found
}

/** Returns the records of each page, and throws when a page does not follow the one before. */
export function openPageCheck({ order = 'newest' }: SearchRequest): (page: SearchPage) => LogRecord[] {
  let position = order === 'oldest' ? 0 : Infinity
  return ({ batches, cursor }) => {
    const records = recordsOf(batches, order)
    const inOrder = order === 'oldest' ? (a: number, b: number) => a < b : (a: number, b: number) => a > b
    for (const { id } of records) {
      assert.ok(inOrder(position, id), `record ${id} came behind ${position}, ${order} first`)
      position = id
    }
    assert.ok(!inOrder(cursor, position), `a page with record ${position} ends at ${cursor}, ${order} first`)
    position = cursor
    return records
  }
}

/** `limit`: so many of those expected are enough. */
export function assertSame(
  found: readonly LogRecord[],
  expected: readonly LogRecord[],
  mayMiss: (record: LogRecord) => boolean = () => false,
  limit: number = Infinity,
): void {
  let at = 0
  for (const record of expected) {
    if (at >= limit) break
    if (JSON.stringify(found[at]) === JSON.stringify(record)) at++
    else if (!mayMiss(record)) throw new Error(difference(found, expected, at, record))
  }
  if (at < found.length) throw new Error(difference(found, expected, at, undefined))
}

function difference(
  found: readonly LogRecord[],
  expected: readonly LogRecord[],
  at: number,
  due: LogRecord | undefined,
): string {
  const show = (record: LogRecord | undefined): string => JSON.stringify(record)?.slice(0, 500) ?? 'nothing'
  return `${found.length} records instead of ${expected.length}; at ${at}:\n   ${show(found[at])}\nnot ${show(due)}`
}

export interface Question {
  request: SearchRequest
  /** What must be found among the records up to the request's `before`. */
  holds(record: LogRecord): boolean
}

/** A search that can be answered without knowing the query language; bounded by `head`, as readers beside a writer are. */
export function askSomething(random: Random, head: number): Question {
  const question = random.pick<() => Omit<Question, 'request'> & { query?: string }>([
    () => ({ holds: () => true }),
    () => ({ query: 'source:db', holds: ({ source }) => source === 'db' }),
    () => ({ query: 'level>=warning', holds: ({ severity }) => severity >= 13 }),
    () => ({ query: '"upstream order"', holds: ({ message }) => message.includes('upstream order') }),
    () => {
      const seq = `seq=${random.between(1, 200)}`
      return { query: `"${seq} commit"`, holds: ({ message }) => message.includes(` ${seq} commit`) }
    },
  ])()
  const after = random.chance(0.3) ? random.between(0, head) : undefined
  const before = random.chance(0.3) ? random.between(1, head + 1) : head + 1
  const limit = random.chance(0.3) ? random.between(1, 50) : undefined
  const { query, holds } = question
  const order = random.pick(['oldest', 'newest'] as const)
  return {
    request: {
      order,
      before,
      ...(query === undefined ? {} : { query }),
      ...(after === undefined ? {} : { after }),
      ...(limit === undefined ? {} : { limit }),
    },
    holds,
  }
}

/** Throws unless that is what the question must give, from all records by ascending id. */
export function assertAnswers(
  found: readonly LogRecord[],
  { request, holds }: Question,
  records: readonly LogRecord[],
  mayMiss: (record: LogRecord) => boolean,
): void {
  const { after = 0, before = Infinity, limit } = request
  const expected = records.filter((record) => record.id > after && record.id < before && holds(record))
  if (request.order !== 'oldest') expected.reverse()
  assertSame(found, expected, mayMiss, limit)
}
