// `logboom context`: what came before and after a record.
import { openLogReader } from './log-reader.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { createRecordPrinter } from './record-printer.ts'

export interface ContextOptions extends PlaceOptions {
  before?: number
  after?: number
  scope: 'source' | 'run' | 'all'
  json?: boolean
  utc?: boolean
  color: boolean
}

export async function context(id: number, options: ContextOptions): Promise<void> {
  const { before, after, scope } = options
  const reader = await openLogReader(options)
  const { records } = await reader.context({ id, before, after, scope })
  await createRecordPrinter({ ...options, ids: true, mark: id })(records)
  await reader.close()
}
