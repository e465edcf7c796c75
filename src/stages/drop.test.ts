import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { recordAt } from '../contracts/batch.ts'
import { batchOf, storedBatch } from '../query/batch-harness.ts'
import { drop, type DropOptions } from './drop.ts'

const open = (rules: DropOptions['rules']) => drop.open(drop.options(z).parse({ rules }))
const debug = { message: 'cache miss', severity: 5 }
const info = { message: 'ready', severity: 9 }

test('what a query finds is left out, events, gaps and audit records are not', () => {
  const stage = open([{ query: 'level:debug' }])
  const records = [debug, info, debug, { ...debug, kind: 'event' as const }, { ...debug, kind: 'audit' as const }]
  for (const batch of [batchOf(records), storedBatch(batchOf(records))]) {
    const after = stage.apply(batch)
    assert.deepEqual([...after.seq], [batch.seq[1], batch.seq[3], batch.seq[4]])
    assert.equal(recordAt(after, 0).message, 'ready')
  }
  assert.equal(stage.apply(batchOf([debug])).count, 0)
})

test('of a sample every so-manieth is kept, over batches; the first rule that matches counts', () => {
  const stage = open([{ query: 'cache', keepOneOf: 3 }, { query: 'level:debug' }])
  const kept = [4, 4, 4].flatMap((count) => {
    const batch = batchOf(Array.from({ length: count }, (_, i) => ({ ...debug, fields: { i } })))
    return [...stage.apply(batch).seq].map((seq) => seq - batch.seq[0]!)
  })
  assert.deepEqual(kept, [0, 3, 2, 1])
  assert.equal(stage.apply(batchOf([{ ...debug, message: 'x' }])).count, 0)
})

test('services are called as in the configuration', () => {
  const stage = drop.open({ rules: [{ query: 'service:"AI Assistant"' }] }, undefined, { gpt_service: 'AI Assistant' })
  const after = stage.apply(batchOf([{ logger: 'gpt_service.stream' }, { logger: 'gpt' }]))
  assert.deepEqual([...after.seq], [2])
})

test('rules that are wrong are explained', () => {
  const faultOf = (query: string): string => drop.options(z).safeParse({ rules: [{ query }] }).error!.issues[0]!.message
  assert.match(faultOf('level:(debug'), /is no query: .*character/)
  assert.match(faultOf(' '), /must say which records/)
})
