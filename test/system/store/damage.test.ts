// A thousand times a few bits, or the end of a file: the store always opens, loses what is damaged only, says so, and never
// gives a record that was not stored.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../../../src/contracts/store.ts'
import { damage, makeOriginal, type Outcome } from './damage.ts'

const seeds = [1, 2, 4, 6, 7]
const perSeed = 200

const outcomes: Outcome[] = []

test('damaged files: no record is given that was not stored, and what is left stays', async (t) => {
  for (const seed of seeds) {
    const original = await makeOriginal(seed)
    for (let number = 1; number <= perSeed; number++) outcomes.push(await damage(original, number))
  }
  const harmed = outcomes.filter(({ lost }) => lost > 0)
  t.diagnostic(`${harmed.length} of ${outcomes.length} lost something`)
  assert.ok(harmed.length > outcomes.length / 3)
})

test('a flipped bit costs records of one source, or of one commit at the end', () => {
  const ofBits = outcomes.filter(({ what }) => what === 'a bit')
  assert.ok(ofBits.length > 0)
  assert.deepEqual(
    ofBits.filter(({ sources, commits }) => sources > 1 && commits > 1),
    [],
  )
})

test('a damaged store always opens, and says what is gone', () => {
  assert.deepEqual(
    outcomes
      .filter(({ untold, refusal }) => untold > 0 || refusal)
      .map(({ where }) => where)
      .slice(0, 10),
    [],
  )
})

test('damage in two places of what was written anew', async () => {
  await damage(await makeOriginal(3), 133)
  await damage(await makeOriginal(5), 117)
})

/** What a store without checks would give. */
const careless: Record<string, (store: Store) => Store> = {
  'gives rubbish': (store) => ({
    ...store,
    async *search(request, signal) {
      for await (const page of store.search(request, signal))
        yield {
          ...page,
          batches: page.batches.map((batch) => ({ ...batch, severity: batch.severity.map((each) => each ^ 2) })),
        }
    },
  }),
  'gives its first page twice': (store) => ({
    ...store,
    async *search(request, signal) {
      for await (const page of store.search(request, signal)) {
        yield page
        yield page
      }
    },
  }),
}

for (const [fault, wrap] of Object.entries(careless))
  test(`a store that ${fault} is found out`, async () => {
    await assert.rejects(damage(await makeOriginal(1), 1, wrap))
  })

test('a store that keeps silent about what is gone is found out', async () => {
  const original = await makeOriginal(1)
  const forgetful = (store: Store): Store => ({
    ...store,
    async *search(request, signal) {
      for await (const page of store.search(request, signal))
        yield { ...page, batches: page.batches.filter(({ source }) => source !== 'db') }
    },
  })
  const { untold } = await damage(original, 1, forgetful)
  assert.ok(untold > 0)
})
