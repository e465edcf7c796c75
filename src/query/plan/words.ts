// Texts that every match contains: what plans are made of. Lower case, the longest and so rarest first, and none that says
// no more than another.
import type { Plan } from './plan.ts'

/** Further ones would hardly narrow anything, and queries may have thousands. */
const enough = 16

/** Each occurs: those that lie inside others are left out. */
export function eachWord(words: readonly string[]): string[] {
  const longestFirst = [...new Set(words)].filter((word) => word !== '').sort((a, b) => b.length - a.length)
  const kept: string[] = []
  for (const word of longestFirst) {
    if (kept.length === enough) break
    if (!kept.some((other) => other.includes(word))) kept.push(word)
  }
  return kept
}

/** Words of which one occurs: those that have others inside are left out. Undefined when they are too many to be of use. */
export function anyWord(words: readonly string[]): string[] | undefined {
  const shortestFirst = [...new Set(words)].sort((a, b) => a.length - b.length)
  const kept: string[] = []
  for (const word of shortestFirst) {
    if (kept.some((other) => word.includes(other))) continue
    if (kept.length === enough) return undefined
    kept.push(word)
  }
  return kept
}

/** Each list has words of which one occurs. */
export function wordPlan(
  words: readonly string[],
  choices: readonly string[][] = [],
): Pick<Plan, 'words' | 'anyWords'> {
  return {
    ...(words.length > 0 ? { words: [...words] } : {}),
    ...(choices.length > 0 ? { anyWords: [...choices] } : {}),
  }
}
