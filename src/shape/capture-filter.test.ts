import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Threshold } from '../contracts/request.ts'
import { batchOf } from '../query/batch-harness.ts'
import { openCaptureFilter } from './capture-filter.ts'

const all: Threshold = { level: 'TRACE', ofSources: {}, withoutServices: [] }
const batch = batchOf([
  { severity: 5 },
  { severity: 17 },
  { severity: 5, kind: 'event' },
  { severity: 5, kind: 'gap' },
  { severity: 5, kind: 'audit' },
  { severity: 17, logger: 'gpt_service.x' },
])

const cases: [threshold: Threshold, kept: number[]][] = [
  [all, [1, 2, 3, 4, 5, 6]],
  [{ ...all, level: 'ERROR' }, [2, 3, 4, 5, 6]],
  [{ ...all, level: 'ERROR', ofSources: { web: 'DEBUG' } }, [1, 2, 3, 4, 5, 6]],
  [{ ...all, withoutServices: ['AI Assistant'] }, [1, 2, 3, 4, 5]],
  [{ ...all, withoutServices: ['Web'] }, [3, 4, 5, 6]],
]

test('lines below the level and of services that are off go; events, gaps and audit stay', () => {
  const filter = openCaptureFilter({ gpt_service: 'AI Assistant' })
  for (const [threshold, kept] of cases) {
    filter.set(threshold)
    assert.deepEqual([...filter.apply(batch).id], kept, JSON.stringify(threshold))
  }
  filter.set(all)
  assert.equal(filter.apply(batch), batch)
})
