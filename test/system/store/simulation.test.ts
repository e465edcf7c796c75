// Thousands of interleavings of commit, seal, search, crash and disk trouble on a simulated disk.
// A failing seed is printed; LOGBOOM_SEED=n node --test test/system/store/simulation.test.ts runs it alone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecordBatch } from '../../../src/contracts/batch.ts'
import { selectRows } from '../../../src/query/match/select-rows.ts'
import type { SearchPage, Store } from '../../../src/contracts/store.ts'
import { seedsToTry } from './seeded-random.ts'
import { simulate, type SimulationOptions, type Tally } from './simulation.ts'

test('whatever happens between two calls to the disk, what was acknowledged is there exactly once', async (t) => {
  const all: Tally = {}
  for (const seed of seedsToTry(1, 80))
    for (const [what, count] of Object.entries(await simulate(seed))) all[what] = (all[what] ?? 0) + count
  t.diagnostic(
    Object.entries(all)
      .map(([what, count]) => `${count} × ${what}`)
      .sort()
      .join(', '),
  )
})

/** A store whose pages are changed on their way out. */
const withPages =
  (change: (batches: RecordBatch[]) => RecordBatch[]) =>
  (store: Store): Store => ({
    ...store,
    async *search(request, signal): AsyncGenerator<SearchPage> {
      for await (const page of store.search(request, signal)) yield { ...page, batches: change(page.batches) }
    },
  })

const withFirst = (change: (batch: RecordBatch) => RecordBatch[]): SimulationOptions['wrap'] =>
  withPages(([first, ...others]) => (first ? [...change(first), ...others] : []))

const rowsFrom = (from: number, count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => from + i)

const faults: Record<string, SimulationOptions> = {
  'loses a record': {
    wrap: withFirst((batch) => (batch.count > 3 ? [selectRows(batch, rowsFrom(1, batch.count - 1))] : [batch])),
  },
  'gives a record twice': { wrap: withFirst((batch) => [batch, selectRows(batch, rowsFrom(0, 1))]) },
  'gives a record another text': { wrap: withFirst((batch) => [{ ...batch, text: batch.text.toReversed() }]) },
  'gives a record another time': {
    wrap: withFirst((batch) => [{ ...batch, time: batch.time.map((time) => time + 1) }]),
  },
  'forgets a cursor': { wrap: (store) => ({ ...store, cursors: () => new Map([...store.cursors()].slice(1)) }) },
  'says yes to what it refused': {
    wrap: (store) => ({ ...store, commit: (...commit) => store.commit(...commit).catch(() => undefined) }),
  },
  'says no to what it committed': {
    wrap: (store) => ({
      ...store,
      async commit(...commit) {
        await store.commit(...commit)
        if (store.head() > 20) throw new Error('no')
      },
    }),
  },
  'never syncs a file': { mount: (disk) => ({ ...disk, fdatasync: () => undefined, fsync: () => undefined }) },
  'never syncs a directory': { mount: (disk) => ({ ...disk, syncDirectory: () => undefined }) },
  'never cuts a file': { mount: (disk) => ({ ...disk, ftruncate: () => undefined }) },
}

for (const [fault, options] of Object.entries(faults))
  test(`a store that ${fault} is found out`, async () => {
    let found = 0
    for (let seed = 1; seed <= 40 && found === 0; seed++) await simulate(seed, options).catch(() => found++)
    assert.equal(found, 1)
  })
