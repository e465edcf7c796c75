// Needles that the benchmark searches for: planted while generating, so that the true number of each is known.
import { fieldNames } from './generated-record.ts'
import type { Random } from './random.ts'
import type { SampleSource } from './sample-lines.ts'

export interface Needles {
  /** The `request_id` of one record near the oldest end. */
  rareToken: string
  /** A word in the messages of a few records. */
  rareWord: string
  /** Letters inside longer words and ids of a few messages. */
  substring: string
  /** A pattern that a few messages match: JavaScript, RE2 and Rust agree on it. */
  regularExpression: string
  /** A word of many messages that is never part of another word, always in the same letter case, and in messages only. */
  commonWord: string
  /** The source with the fewest records. */
  source: string
}

export const rareWord = 'kelpforest'
export const substring = 'qzvxj'
export const regularExpression = 'imbalance of 0\\.9[0-9]+ on shard [0-9]{2}'

/** A message to plant; the needles take turns. */
export function plantedMessage(
  turn: number,
  random: Random,
): { message: string; needle: 'rareWord' | 'substring' | 'regularExpression' } {
  const shard = 10 + random.below(80)
  switch (turn % 3) {
    case 0:
      return { needle: 'rareWord', message: `rebalancing of ${rareWord} began on shard ${shard}` }
    case 1: {
      const volume = `pvc-${random.hex(6)}${substring}${random.hex(4)}`
      return { needle: 'substring', message: `volume ${volume} attached to shard ${shard}` }
    }
    default:
      return { needle: 'regularExpression', message: `imbalance of 0.9${random.digits(4)} on shard ${shard}` }
  }
}

/** The word nearest to being in one of eight messages. */
export function chooseCommonWord(sources: readonly SampleSource[]): string {
  const allWeights = sources.reduce((sum, { weight }) => sum + weight, 0)
  const messages = sources.flatMap(({ lines, weight }) =>
    lines.map(({ parts, values }) => ({
      text: parts.map((part, i) => part + (values[i] ?? '')).join(''),
      share: weight / allWeights / lines.length,
    })),
  )
  const shares = new Map<string, number>()
  for (const { text, share } of messages) {
    for (const word of new Set(text.match(/[A-Za-z]{4,}/g))) shares.set(word, (shares.get(word) ?? 0) + share)
  }
  const elsewhere = JSON.stringify([
    fieldNames,
    sources.map(({ name, lines }) => [name, lines.map(({ logger, values }) => [logger, values])]),
  ])
  const isClear = (word: string): boolean => {
    const anywhere = new RegExp(word, 'i')
    const alone = new RegExp(`^(?:(?!${word}).)*\\b${word}\\b`, 's')
    return !anywhere.test(elsewhere) && messages.every(({ text }) => !anywhere.test(text) || alone.test(text))
  }
  const nearest = [...shares].toSorted(([, a], [, b]) => Math.abs(a - 1 / 8) - Math.abs(b - 1 / 8))
  return nearest.find(([word]) => isClear(word))![0]
}
