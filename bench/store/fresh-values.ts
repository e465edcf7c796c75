// A value in the place of one of the sample: the same value where the sample repeats it all over, else a new one of
// the same kind. Kinds are found by looking: runs of digits and hex digits vary within what was seen at their place, and
// everything around them stays (so addresses, uuids, block ids, paths and decimals need no rules of their own).
import type { Random } from './random.ts'
import type { SampleLine } from './sample-lines.ts'

/** Draws a value in place of the sample's. */
export type FreshValue = (random: Random) => string

export interface ValueModel {
  /** The number of different values; each has a place below it. */
  count: number
  /** For each value of each line its place. */
  places: Uint32Array[]
  fresh: FreshValue[]
}

/** Lines that belong together: who is seen within so many lines only, is a passer-by. */
export const stretchLines = 64

/** A uuid, eight and more hex digits with a decimal one among them, or decimal digits. */
const run = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-fA-F]*\d)[0-9a-fA-F]{8,}|\d+/g
const isHex = (text: string): boolean => /[a-fA-F]/.test(text)

interface Seen {
  text: string
  first: number
  last: number
  /** Template and number of the variable, where the value was first seen. */
  slot: string
  /** Shape that all values of this kind in this slot share. */
  shape: string
  runs: string[]
}

export function modelValues(lines: readonly SampleLine[]): ValueModel {
  const seen = new Map<string, Seen & { place: number }>()
  const places = lines.map(({ values, template }, at) =>
    Uint32Array.from(values, (text, slot) => {
      let known = seen.get(text)
      if (!known) {
        known = { text, first: at, last: at, slot: `${template} ${slot}`, ...splitValue(text), place: seen.size }
        seen.set(text, known)
      }
      known.last = at
      return known.place
    }),
  )
  const kindOf = ({ slot, shape }: Seen): string => `${slot} ${shape}`
  const kinds = Map.groupBy(seen.values(), kindOf)
  const drawersOf = new Map([...kinds].map(([kind, alike]) => [kind, drawersOfRuns(alike)]))
  const words = Map.groupBy(
    [...seen.values()].filter((each) => each.runs.length === 0 && isPassing(each, lines.length)),
    ({ slot }) => slot,
  )
  return {
    count: seen.size,
    places,
    fresh: [...seen.values()].map((value): FreshValue => {
      const { text, slot, runs } = value
      if (!isPassing(value, lines.length) || text === '') return () => text
      if (runs.length === 0) return freshWord(words.get(slot)!.map((each) => each.text))
      const around = text.split(run)
      const drawers = drawersOf.get(kindOf(value))!
      return (random) => {
        let fresh = around[0]!
        for (const [i, draw] of drawers.entries()) fresh += draw(random) + around[i + 1]!
        return fresh
      }
    }),
  }
}

/** Ids are passing unless they are in use through half of the sample. */
function isPassing({ first, last, runs }: Seen, lines: number): boolean {
  return last - first < (runs.some((each) => each.length >= 8) ? lines / 2 : stretchLines)
}

function splitValue(text: string): { shape: string; runs: string[] } {
  const runs: string[] = []
  const shape = text.replaceAll(run, (digits) => {
    runs.push(digits)
    return isHex(digits) ? `@${digits.length}` : '#'
  })
  return { shape, runs }
}

/** Mostly a name that was seen elsewhere in the same place, sometimes one that nobody has heard of. */
function freshWord(seen: string[]): FreshValue {
  return (random) => random.pick(seen) + (random() < 0.2 ? String(random.below(1000)) : '')
}

/** A drawer for each run of digits that values of one shape have. */
function drawersOfRuns(alike: readonly Seen[]): FreshValue[] {
  return alike[0]!.runs.map((_, at): FreshValue => {
    const texts = [...new Set(alike.map(({ runs }) => runs[at]!))]
    const first = texts[0]!
    if (isHex(first)) return texts.length === 1 && alike.length > 1 ? () => first : (random) => freshHex(first, random)
    if (texts.length === 1 && first.length < 8) return () => first
    if (texts.some((text) => text.length > 15)) return (random) => random.digits(random.pick(texts).length)
    return freshNumber(texts)
  })
}

function freshHex(like: string, random: Random): string {
  const digits = random.hex(like.length + (like.length & 1))
  const text = like.replaceAll(/[0-9a-fA-F]/g, (_, at) => digits[at as number]!)
  return like === like.toUpperCase() ? text.toUpperCase() : text
}

/** Between two neighbours among the numbers seen, so that frequent magnitudes stay frequent. */
function freshNumber(texts: readonly string[]): FreshValue {
  const width = texts.some((text) => text.length > 1 && text.startsWith('0')) ? texts[0]!.length : 0
  const numbers = texts.map(Number).toSorted((a, b) => a - b)
  return (random) => {
    const at = random.below(Math.max(1, numbers.length - 1))
    const low = numbers[at]!
    const high = numbers[at + 1] ?? low * 1.1
    return String(low + random.below(high - low + 1)).padStart(width, '0')
  }
}
