// Whether a run has printed a line, asked of the store, which has what was printed before this hub came, too.
import type { SourceContext } from '../contracts/source.ts'

/** A regular expression as the query language writes it. */
export const asQuery = (pattern: string): string => `/${pattern.replace(/\\?\//g, '\\/')}/`

export function hasLine(context: SourceContext, run: number, pattern: string): Promise<boolean> {
  return context.has(`source:${JSON.stringify(context.name)} run:${run} kind:system ${asQuery(pattern)}`)
}
