// Lines through all stages, for tests.
import { z } from 'zod'
import { recordAt, type RecordBatch } from '../../contracts/batch.ts'
import { batchOf } from '../../query/batch-harness.ts'
import type { LogRecord } from '../../contracts/record.ts'
import type { Stage } from '../../contracts/stage.ts'
import { stageTypes } from '../index.ts'
import { parse, type ParseOptions } from '../parse.ts'

/** When all lines are captured. */
export const captured: number = Date.UTC(2025, 9, 19, 6, 0, 0, 123)

export function stagesOf(options: Partial<ParseOptions> = {}): Stage[] {
  return stageTypes.map((type) => type.open(type.options(z).parse(type === parse ? options : {})))
}

/** As one batch of process 1234. */
export function throughStages(stages: readonly Stage[], lines: readonly string[]): RecordBatch {
  const records = lines.map((message) => ({ message, severity: 0, time: captured, observed: captured }))
  return stages.reduce((batch, stage) => stage.apply(batch), batchOf(records))
}

/** One line as a record; times without zone are UTC. */
export function recordOf(line: string): LogRecord {
  return recordAt(throughStages(stagesOf({ timezone: 'UTC' }), [line]), 0)
}
