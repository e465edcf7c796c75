// Random numbers, as JSON may write them, come out of every store with the characters they went in with, sealed and not.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { eachPlace } from '../../src/query/read/records-of.ts'
import { seededRandom, type Random } from '../../src/query/random-query-harness.ts'
import type { Store } from '../../src/contracts/store.ts'
import { storeTypes } from '../../src/stores/index.ts'
import { openBodyCuts } from '../../src/json/body-cuts.ts'
import { openBodyReader } from '../../src/json/ndjson.ts'
import { openServices } from '../../src/text/services.ts'
import { recordJson } from '../../src/wire/record-json.ts'

const digits = (random: Random, most: number): string =>
  Array.from({ length: 1 + random(most) }, () => random(10)).join('')

function numberText(random: Random, form: number): string {
  const sign = random(8) === 0 ? '-' : ''
  const whole = random(3) === 0 ? '0' : `${1 + random(9)}${random(3) ? digits(random, form % 2 ? 3 : 25) : ''}`
  if (form < 2) return sign + whole
  const fraction = `.${digits(random, form === 2 ? 2 : 20)}`
  return form < 4 ? sign + whole + fraction : `${sign}${whole}${fraction}${'eE'[random(2)]}${['', '-', '+'][random(3)]}${digits(random, 3)}` // oxfmt-ignore
}

/** Columns of numbers that are alike, as stores like them, and lines of their own. */
function linesOf(random: Random): string[] {
  const forms = Array.from({ length: 4 }, () => random(5))
  return Array.from({ length: 300 }, () => {
    const members = forms.map((form, at) => `"k${at}":${numberText(random, random(20) ? form : random(5))}`)
    if (random(30) === 0) members.push(members[0]!, `"in":{"list":[${numberText(random, 4)},{"k":1.0,"k":-0}]}`)
    return `{${members.join(',')}}`
  })
}

async function fieldsIn(store: Store): Promise<string[]> {
  const found: string[] = []
  for await (const { batches } of store.search({ order: 'oldest' }))
    for (const { batch, row } of eachPlace(batches, 'oldest'))
      found.push(/"fields":(.*),"session"/.exec(recordJson(batch, row, openServices()))![1]!)
  return found
}

for (const type of storeTypes) {
  test(`store ${type.name} keeps every digit`, async (t) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'logboom-digits-'))
    t.after(() => rmSync(directory, { recursive: true }))
    const store = await type.open({ directory, now: () => 0, warn: (message: string) => assert.fail(message) })
    const reader = openBodyReader()
    const lines: string[] = []
    for (let seed = 1; seed <= 8; seed++) {
      const more = linesOf(seededRandom(seed))
      const body = Buffer.from(more.map((line) => `{"msg":"m",${line.slice(1)}`).join('\n'))
      const allocate = (bytes: number): Uint8Array => new Uint8Array(bytes)
      const bounds = { mostBytes: Infinity, mostRecords: Infinity }
      const options = {
        form: 'ndjson',
        source: `s${seed % 3}`,
        session: 's',
        observed: 1,
        allocate,
        ...bounds,
      } as const
      const cuts = openBodyCuts(body, 'ndjson', Infinity)
      while (!cuts.look());
      await store.commit(reader.read(body, cuts, { at: cuts.start, fragment: 0 }, options).batches, new Map())
      lines.push(...more)
    }
    assert.deepEqual(await fieldsIn(store), lines)
    await store.seal({ all: true })
    assert.deepEqual(await fieldsIn(store), lines, 'sealed')
    await store.close()
  })
}
