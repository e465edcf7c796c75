// Whether a caller may see anything of a run, asked before its name is told or taken.
import { emptyBatch } from '../../contracts/batch.ts'
import type { Within } from '../../contracts/request.ts'
import { parseWithin } from '../language/parse-within.ts'
import { compileQuery } from './compile-query.ts'

export function seesRun(within: Within | undefined, { source, run }: { source: string; run: number }): boolean {
  return within === undefined || compileQuery(parseWithin('', within)).bind({ ...emptyBatch, source, run }) !== false
}
