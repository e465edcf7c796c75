// Commits that a disk refuses: nobody may see what they had written, and nothing else may suffer.
import assert from 'node:assert/strict'
import { appendFileSync, globSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { emptyBatch, messageAt, type RecordBatch } from '../../../contracts/batch.ts'
import type { Store, StoreOptions, StoreReader } from '../../../contracts/store.ts'
import { encodeBatch } from '../../../wire/batch-codec.ts'
import { localStore } from '../local-store.ts'

async function open(t: TestContext): Promise<{ store: Store; reader: StoreReader; tail: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'logboom-store-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const options: StoreOptions = { directory, now: Date.now, warn: (message) => assert.fail(message) }
  const store = await localStore.open(options)
  t.after(() => store.close())
  return { store, reader: await localStore.openReader!(options), tail: globSync(join(directory, 'tail-*'))[0]! }
}

function batchOf(messages: string[], firstId = 0): RecordBatch {
  const count = messages.length
  const text = Buffer.from(messages.join(''))
  const end = Uint32Array.from(messages, (_, i) => Buffer.byteLength(messages.slice(0, i + 1).join('')))
  const start = Uint32Array.from(messages, (message, i) => end[i]! - Buffer.byteLength(message))
  const column = (): Float64Array => new Float64Array(count)
  const flags = (): Uint8Array => new Uint8Array(count)
  const id = column().map((_, i) => firstId + i)
  const columns = { id, seq: column(), time: column(), observed: column(), stream: flags(), kind: flags() }
  return { ...emptyBatch, source: 'a', run: 1, count, text, start, end, ...columns, severity: flags() }
}

async function messagesIn(reader: StoreReader): Promise<string[]> {
  const found: string[] = []
  for await (const { batches } of reader.search({ order: 'oldest' }))
    for (const batch of batches) for (let i = 0; i < batch.count; i++) found.push(messageAt(batch, i))
  return found
}

for (const looksMeanwhile of [true, false]) {
  test(`what a failed commit had written is forgotten by who saw it, ${looksMeanwhile ? 'at once' : 'later'}`, async (t) => {
    const { store, reader, tail } = await open(t)
    await store.commit([batchOf(['one'])], new Map())
    const { size } = statSync(tail)
    appendFileSync(tail, encodeBatch(batchOf(['gone', 'gone, too'], 2)))
    await messagesIn(reader)
    truncateSync(tail, size)
    if (looksMeanwhile) assert.deepEqual(await messagesIn(reader), ['one'])
    await store.commit([batchOf(['two'])], new Map())
    await store.commit([batchOf(['three, which is longer than all that was there before'.repeat(9)])], new Map())
    assert.deepEqual(
      (await messagesIn(reader)).map((message) => message.split(',')[0]),
      ['one', 'two', 'three'],
    )
  })
}

test('what is committed in the place of a failed commit is seen, also when it begins alike', async (t) => {
  const { store, reader, tail } = await open(t)
  await store.commit([batchOf(['one'])], new Map())
  const { size } = statSync(tail)
  // It had been the last of its commit, with all that such a one says, and is followed now by what came meanwhile.
  const cursors = { 'a/1/stdout': { offset: 12, inode: 34, check: 56 } }
  appendFileSync(tail, encodeBatch(batchOf(['two'], 2), { sequence: 0, head: 2, cursors }))
  await messagesIn(reader)
  truncateSync(tail, size)
  await store.commit([batchOf(['two']), batchOf(['three'])], new Map())
  await store.commit([batchOf(['four'])], new Map())
  assert.deepEqual(await messagesIn(reader), ['one', 'two', 'three', 'four'])
})
