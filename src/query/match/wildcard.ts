// `game_*` against names and values. Not a regular expression, so that no pattern can be slow: each `*` takes the
// nearest place where what follows it occurs.
import { textFinder } from './find-text.ts'
import type { Pattern } from '../language/syntax-tree.ts'
import { eachWord } from '../plan/words.ts'

/** A test for whole texts; letter case does not matter. */
export function patternTest(pattern: Pattern): (text: string) => boolean {
  const wanted = pattern.text.toLowerCase()
  if (!pattern.wildcard) return (text) => text.toLowerCase() === wanted
  const parts = wanted.split('*')
  const head = parts[0]!
  const tail = parts.at(-1)!
  const middle = parts
    .slice(1, -1)
    .filter((part) => part !== '')
    .map((part) => ({ length: part.length, find: textFinder(part) }))
  return (text) => {
    const lower = text.toLowerCase()
    if (lower.length < head.length + tail.length || !lower.startsWith(head) || !lower.endsWith(tail)) return false
    let at = head.length
    for (const { length, find } of middle) {
      const found = find(lower, at)
      if (found < 0) return false
      at = found + length
    }
    return at <= lower.length - tail.length
  }
}

/** Words that every matching text contains, once lower-cased; the longest first. */
export function patternWords({ text, wildcard }: Pattern): string[] {
  return eachWord(wildcard ? text.toLowerCase().split('*') : [text.toLowerCase()])
}
