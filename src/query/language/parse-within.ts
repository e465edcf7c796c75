// A query inside another: what somebody asks, within what they may see. Joined as trees, so that nothing in the text of one can
// reach the other, and errors tell places in what was asked alone.
import { parseQuery, type ParseOptions } from './parse-query.ts'
import { joined, type Query } from './syntax-tree.ts'

/** Throws `query-invalid` for `text`, as `parseQuery` does. */
export function parseWithin(text: string, within: string | undefined, options?: ParseOptions): Query {
  const asked = parseQuery(text, options)
  if (!within) return asked
  const limit = parseQuery(within, options)
  return asked.type === 'all' ? limit : joined('and', [limit, asked])
}
