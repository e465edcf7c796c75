import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyBatch } from '../contracts/batch.ts'
import type { StageType } from '../contracts/stage.ts'
import { stageChains } from './stage-chain.ts'

/** Notes what it was opened with, and remembers that it was used. */
function noting(name: string, opened: string[]): StageType<string> {
  return {
    name,
    options: (z) => z.string(),
    open(options, memory) {
      opened.push(`${name} ${options} ${memory ?? 'new'}`)
      let uses = Number(memory ?? 0)
      return {
        apply(batch) {
          uses++
          return batch
        },
        memory: () => (uses > 0 ? String(uses) : undefined),
      }
    },
  }
}

test('which stages a source passes, and with what options', () => {
  const opened: string[] = []
  const open = stageChains([noting('a', opened), noting('b', opened), noting('c', opened)] as StageType[], {
    stages: { a: 'all', b: 'all' },
    stagesOfSources: [
      { pattern: 'web-*', stages: { a: false, c: 'web' } },
      { pattern: '*', stages: { a: 'others' } },
    ],
  })
  open('web-1')
  assert.deepEqual(opened.splice(0), ['b all new', 'c web new'])
  open('db')
  assert.deepEqual(opened, ['a others new', 'b all new'])
})

test('what stages remember is a part of the cursor, and comes back with it', () => {
  const opened: string[] = []
  const open = stageChains([noting('a', opened)] as StageType[], { stages: { a: 'x' } })
  const chain = open('db')
  assert.deepEqual(chain.memory(), {})
  chain.apply(emptyBatch)
  chain.apply(emptyBatch)
  open('db', { offset: 3, ...chain.memory() })
  assert.deepEqual(opened, ['a x new', 'a x 2'])
})
