// `logboom count`: a number, or one for each value of a field.
import type { PlaceOptions } from '../command-parts.ts'
import { selectRecords, type SelectOptions } from './select-records.ts'
import { formatRanking, summarize, warnIfApproximate } from './summarize.ts'

export interface CountOptions extends PlaceOptions, SelectOptions {
  by?: string
  limit: number
  json?: boolean
}

export async function count(words: string[], options: CountOptions): Promise<void> {
  const { by, limit, json } = options
  const selected = selectRecords(words, options)
  const summary = await summarize({ ...selected, ...(by ? { facets: [by], facetLimit: limit } : {}) }, options)
  const [facet] = summary.facets ?? []
  if (json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
  else if (!facet) process.stdout.write(`${summary.count}\n`)
  else {
    const rest: [number, string][] = [
      [facet.other, '(other values)'],
      [facet.missing, `(no ${facet.name})`],
    ]
    process.stdout.write(formatRanking(facet, ({ value }) => [value], rest))
    warnIfApproximate(facet, 'values')
  }
}
