import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordAt } from '../contracts/batch.ts'
import type { LogRecord } from '../contracts/record.ts'
import { batchOf, storedBatch } from '../query/batch-harness.ts'
import { openServices } from '../text/services.ts'
import { namedRecord, recordJson } from './record-json.ts'

const services = openServices({ gpt_service: 'AI Assistant', 'say "x"': 'Quoted' })

const cases: [extras: Partial<LogRecord>, level: string, service: string][] = [
  [{ severity: 1 }, 'TRACE', 'Web'],
  [{ severity: 24, logger: 'gpt_service.stream' }, 'CRITICAL', 'AI Assistant'],
  [{ severity: 14, logger: 'voice_loop' }, 'WARNING', 'Voice Loop'],
  [{ logger: 'say "x".y' }, 'INFO', 'Quoted'],
  [{ logger: 'größe.x' }, 'INFO', 'Größe'],
  [{ logger: '\x1b[31mhttp\x1b[0m.x' }, 'INFO', 'Http'],
  [{ fields: { logger: 'no logger', text: '"logger":"x"' } }, 'INFO', 'Web'],
  [{ fields: { n: 1 }, traceId: '0af7651916cd43dd8448eb211c80319c', logger: 'late' }, 'INFO', 'Late'],
]

test('a record leaves as JSON with the names of its level and its service', () => {
  for (const [extras, level, service] of cases)
    for (const batch of [batchOf([{ message: 'x', ...extras }]), storedBatch(batchOf([{ message: 'x', ...extras }]))]) {
      const record = namedRecord(recordAt(batch, 0), services)
      assert.deepEqual([record.level, record.service], [level, service])
      assert.deepEqual(JSON.parse(recordJson(batch, 0, services)), JSON.parse(JSON.stringify(record)))
    }
})
