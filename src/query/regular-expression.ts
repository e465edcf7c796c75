// Users' regular expressions run in time linear in the text, whatever the pattern; the engine is loaded on first use,
// as most queries need none and an idle hub stays small.
import { createRequire } from 'node:module'
import type * as Re2 from 're2js'

let engine: typeof Re2 | undefined

/** Letter case does not matter unless the pattern says `(?-i)`. Throws an Error with the engine's words for a bad pattern. */
export function linearRegExp(pattern: string): (text: string) => boolean {
  engine ??= createRequire(import.meta.url)('re2js') as typeof Re2
  const { RE2JS } = engine
  const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
  return (text) => compiled.test(text)
}
