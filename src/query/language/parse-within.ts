// A query inside another: what somebody asks, within what they may see. Joined as trees, so that nothing in the text of one can
// reach the other, and errors tell places in what was asked alone.
import { nothing, type Within } from '../../contracts/request.ts'
import type { OwnRunsCondition } from '../verbs/own-runs.ts'
import { parseQuery, type ParseOptions } from './parse-query.ts'
import { condition, joined, type Query } from './syntax-tree.ts'

/** Throws `query-invalid` for `text`, as `parseQuery` does. */
export function parseWithin(text: string, within: Within | undefined, options?: ParseOptions): Query {
  const asked = parseQuery(text, options)
  if (!within) return asked
  const limit = limitOf(within, options)
  return asked.type === 'all' ? limit : joined('and', [limit, asked])
}

function limitOf({ query, own }: Within, options?: ParseOptions): Query {
  const granted = parseQuery(query, options)
  if (!own) return granted
  const { owner, runs } = own
  const ofRuns = condition<OwnRunsCondition>({ verb: 'own-runs', owner, runs })
  const limited = own.query === '' ? ofRuns : joined('and', [ofRuns, parseQuery(own.query, options)])
  // Plans skip by the runs where nothing else is seen.
  return query === nothing ? limited : joined('or', [granted, limited])
}
