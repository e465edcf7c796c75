// What rules leave out is counted: over commits that fail, over hubs that are killed, and in the account of the store.
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { z } from 'zod'
import { nodeDisk } from '../system/disk.ts'
import { recordsOf } from '../query/read/records-of.ts'
import type { LogRecord } from '../contracts/record.ts'
import { stageTypes } from '../stages/index.ts'
import { localStore } from '../stores/local/local-store.ts'
import { verifyStore } from '../stores/local/check/verify.ts'
import { openPipeline } from '../pipeline/pipeline.ts'
import { stageChains } from './stage-chain.ts'

function place(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-left-out-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const [file, storeDirectory] = [join(directory, 'out'), join(directory, 'store')]
  writeFileSync(file, '')
  let now = 1_760_853_347_000
  const stages = Object.fromEntries(stageTypes.map(({ name, options }) => [name, options(z).parse({})]))
  stages['drop'] = { rules: [{ query: 'level:debug' }] }

  /** One life of a hub. */
  async function open() {
    const store = await localStore.open({
      directory: storeDirectory,
      now: () => now,
      warn: (text) => assert.fail(text),
    })
    const failing: { error?: Error } = {}
    const pipeline = openPipeline({
      store: {
        ...store,
        commit: (batches, cursors) => (failing.error ? Promise.reject(failing.error) : store.commit(batches, cursors)),
      },
      session: 's',
      openStages: stageChains(stageTypes, { stages }),
      publish: () => undefined,
      warn: () => undefined,
      now: () => now,
    })
    pipeline.tail('app', { run: 1, pid: 5, stream: 'stdout', path: file, capture: false })
    return { store, pipeline, failing }
  }

  return {
    open,
    write: (text: string) => appendFileSync(file, text),
    pass: (ms: number) => (now += ms),
    async records(): Promise<LogRecord[]> {
      const { store } = await open()
      const records: LogRecord[] = []
      for await (const page of store.search({ order: 'oldest' })) records.push(...recordsOf(page.batches, 'oldest'))
      await store.close()
      return records
    },
    account: () => verifyStore(nodeDisk, storeDirectory, { thorough: true }),
  }
}

test('hubs that are killed go on counting, and about once a minute it is told', async (t) => {
  const { open, write, pass, account, records } = place(t)
  const first = await open()
  write('DEBUG a\nINFO b\nDEBUG c\n')
  await first.pipeline.step()
  // As after a kill: nothing but the file of the store is left of it.
  await first.store.close()
  const accountOf = () => {
    const { runs, problems } = account()
    assert.deepEqual(problems, [])
    const { captured, stored, dropped, missing, faults } = runs.find(({ source }) => source === 'app')!
    return { captured, stored, dropped, missing, faults }
  }
  assert.deepEqual(accountOf(), { captured: 3, stored: 1, dropped: 2, missing: 0, faults: [] })

  const second = await open()
  write('DEBUG d\nDEBUG e\n')
  await second.pipeline.step()
  await second.store.close()
  assert.deepEqual(accountOf(), { captured: 5, stored: 1, dropped: 4, missing: 0, faults: [] })

  const third = await open()
  write('INFO f\n')
  await third.pipeline.step()
  pass(61_000)
  await third.pipeline.step()
  await third.store.close()
  assert.deepEqual(
    (await records()).map(({ seq, message, kind, fields }) => [seq, kind, message, fields]),
    [
      [2, 'system', 'INFO b', undefined],
      [6, 'system', 'INFO f', undefined],
      [7, 'gap', '4 lines left out by rule', { cause: 'rule', lines: 4, fromSeq: 1, toSeq: 5 }],
    ],
  )
  assert.deepEqual(accountOf(), { captured: 7, stored: 3, dropped: 4, missing: 0, faults: [] })
})

test('a body that is refused has counted nothing', async (t) => {
  const { open, account } = place(t)
  const { pipeline, store, failing } = await open()
  const { LogboomError } = await import('../contracts/errors.ts')
  const post = () =>
    pipeline.ingest(
      { form: 'ndjson', source: 'shop', named: false, taken: [] },
      new Uint8Array(Buffer.from('{"level":"debug","message":"a"}\n{"level":"info","message":"b"}\n')),
    )
  failing.error = new LogboomError('store-unwritable', 'no')
  const refused = post()
  await pipeline.step()
  await assert.rejects(refused)
  delete failing.error
  const accepted = post()
  await pipeline.step()
  assert.equal((await accepted).accepted, 2)
  await store.close()
  const { captured, stored, dropped, missing, faults } = account().runs.find(({ source }) => source === 'shop')!
  assert.deepEqual([captured, stored, dropped, missing, faults], [2, 1, 1, 0, []])
})
