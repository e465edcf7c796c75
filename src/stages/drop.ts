// The stage that leaves records out, or keeps a sample of them, by rules in the query language. It is the last, so that rules
// may ask for all that the others found. What it leaves out is counted behind it.
import type { RecordBatch } from '../contracts/batch.ts'
import { LogboomError } from '../contracts/errors.ts'
import { compileQuery } from '../query/match/compile-query.ts'
import { parseQuery } from '../query/language/parse-query.ts'
import { selectRows } from '../query/match/select-rows.ts'
import { kinds } from '../contracts/record.ts'
import type { StageType } from '../contracts/stage.ts'

export interface DropOptions {
  rules: { query: string; keepOneOf?: number | undefined }[]
}

const system = kinds.indexOf('system')

export const drop: StageType<DropOptions> = {
  name: 'drop',
  options: (z) =>
    z.strictObject({
      rules: z
        .array(
          z.strictObject({
            query: z.string().superRefine((text, context) => {
              const fault = faultOf(text)
              if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
            }),
            keepOneOf: z.int().min(2).optional(),
          }),
        )
        .default([]),
    }),
  open({ rules }, _memory, serviceNames) {
    const compiled = rules.map(({ query, keepOneOf }) => ({
      predicate: compileQuery(parseQuery(query, { now: Date.now(), serviceNames })),
      keepOneOf,
      /** How many it was asked about that match. */
      matches: 0,
    }))

    /** By the first rule that matches; only ordinary records, no events and gaps, no audit. */
    function keptRows(batch: RecordBatch): number[] {
      const tests = compiled.map((rule) => ({ rule, test: rule.predicate.bind(batch) }))
      const kept: number[] = []
      for (let row = 0; row < batch.count; row++) {
        const found =
          batch.kind[row] === system && tests.find(({ test }) => (typeof test === 'boolean' ? test : test(row)))?.rule
        if (!found || (found.keepOneOf !== undefined && found.matches++ % found.keepOneOf === 0)) kept.push(row)
      }
      return kept
    }

    return {
      apply(batch) {
        if (compiled.length === 0) return batch
        const kept = keptRows(batch)
        return kept.length === batch.count ? batch : selectRows(batch, kept)
      },
    }
  },
}

/** A rule without a condition would leave out everything. */
function faultOf(query: string): string | undefined {
  if (query.trim() === '') return 'must say which records are meant, such as level:debug'
  try {
    parseQuery(query, { now: Date.now() })
    return undefined
  } catch (error) {
    if (!(error instanceof LogboomError)) throw error
    return `is no query: ${error.message}`
  }
}
