// Users' regular expressions run in time linear in the text, whatever the pattern; the engine is loaded on first use,
// as most queries need none and an idle hub stays small.
import { createRequire } from 'node:module'
import type * as Re2 from 're2js'

let engine: typeof Re2 | undefined

/**
 * Steps that one text may take: the product of the pattern's size, in instructions, and the text's length, in characters. Each
 * takes up to 11 ns where the engine's fast ways fail, so a record takes 0.1 s at the very worst. A pattern of 30
 * instructions sees the first 280,000 characters of a line.
 */
const maxSteps = 8 * 1024 * 1024

/** Letters that would count as forms of s and k, so that nothing could be looked for in bytes. */
const foreign = /[\u017f\u212a]/g

/** Letter case does not matter unless the pattern says `(?-i)`. Throws an Error with the engine's words for a bad pattern. */
export function linearRegExp(pattern: string): (text: string) => boolean {
  engine ??= createRequire(import.meta.url)('re2js') as typeof Re2
  const { RE2JS } = engine
  const compiled = RE2JS.compile(caseless(pattern), RE2JS.CASE_INSENSITIVE)
  const longest = Math.floor(maxSteps / compiled.programSize())
  return (text) => compiled.test(caseless(text.length > longest ? text.slice(0, longest) : text))
}

/** With letters of the private area in their place, which have no other case. */
function caseless(text: string): string {
  return text.replace(foreign, (char) => (char === '\u017f' ? '\ue17f' : '\ue12a'))
}
