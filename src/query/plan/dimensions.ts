// The dimensions of a plan, one line each: how two demands become one under AND and under OR, and which records can meet it.
import { patternTest } from '../match/wildcard.ts'
import type { Pattern } from '../language/syntax-tree.ts'
import type { Extent, Plan } from './plan.ts'
import { anyWord } from './words.ts'

interface Dimension<Demand> {
  and(a: Demand, b: Demand): Demand
  /** Undefined where nothing is left that holds of both. */
  or(a: Demand, b: Demand): Demand | undefined
  /** False when no record within the extent meets the demand. Default: extents tell nothing of it. */
  mayMeet?(demand: Demand, extent: Extent): boolean
}

const dimensions: { [Name in keyof Plan]-?: Dimension<NonNullable<Plan[Name]>> } = {
  sources: named(({ sources }) => sources),
  sessions: named(({ sessions }) => sessions),
  streams: oneOf(({ streams }) => streams),
  kinds: oneOf(({ kinds }) => kinds),
  runFrom: atLeast(({ runTo }) => runTo),
  runTo: atMost(({ runFrom }) => runFrom),
  severityFrom: atLeast(({ severityTo }) => severityTo),
  severityTo: atMost(({ severityFrom }) => severityFrom),
  timeFrom: atLeast(({ timeTo }) => timeTo),
  timeTo: { and: Math.min, or: Math.max, mayMeet: (to, { timeFrom = -Infinity }) => timeFrom < to },
  idFrom: atLeast(({ idTo }) => idTo),
  idTo: atMost(({ idFrom }) => idFrom),
  templates: { and: (a) => a, or: union, mayMeet: someBegin },
  fields: {
    and: concat,
    or: oneKeyOfEach,
    mayMeet: (lists, { fields }) => lists.every((keys) => shares(keys, fields)),
  },
  numbers: { and: concat, or: () => undefined },
  // Under OR the three are joined together: see `textsOfEither`.
  words: { and: union, or: () => undefined },
  anyWords: { and: concat, or: () => undefined },
  numberWords: { and: union, or: () => undefined },
}

const dimensionOf = dimensions as Record<keyof Plan, Dimension<unknown>>

/** Whether a record within the extent may be a match. */
export function mayMatch(plan: Plan, extent: Extent): boolean {
  for (const name in plan) {
    const demand = plan[name as keyof Plan]
    if (demand !== undefined && dimensionOf[name as keyof Plan].mayMeet?.(demand, extent) === false) return false
  }
  return true
}

export function planOfBoth(a: Plan, b: Plan): Plan {
  return join(a, b, ({ and }, inA, inB) => (inA === undefined ? inB : inB === undefined ? inA : and(inA, inB)))
}

export function planOfEither(a: Plan, b: Plan): Plan {
  const common = join(a, b, ({ or }, inA, inB) => (inA === undefined || inB === undefined ? undefined : or(inA, inB)))
  return { ...common, ...textsOfEither(a, b) }
}

function join(a: Plan, b: Plan, demandOf: (dimension: Dimension<unknown>, a: unknown, b: unknown) => unknown): Plan {
  const names = union(Object.keys(a), Object.keys(b)) as (keyof Plan)[]
  const demands = names.map((name) => [name, demandOf(dimensionOf[name], a[name], b[name])])
  return Object.fromEntries(demands.filter(([, demand]) => demand !== undefined))
}

/** Patterns cannot be intersected in general, so of two lists one is kept. */
function named(namesIn: (extent: Extent) => readonly string[] | undefined): Dimension<Pattern[]> {
  return {
    and: (a) => a,
    or: concat,
    mayMeet(patterns, extent) {
      const names = namesIn(extent)
      return !names || patterns.some((pattern) => names.some(patternTest(pattern)))
    },
  }
}

function oneOf<T>(valuesIn: (extent: Extent) => readonly T[] | undefined): Dimension<T[]> {
  return {
    and: (a, b) => a.filter((item) => b.includes(item)),
    or: union,
    mayMeet: (values, extent) => shares(values, valuesIn(extent)),
  }
}

function atLeast(highestIn: (extent: Extent) => number | undefined): Dimension<number> {
  return { and: Math.max, or: Math.min, mayMeet: (from, extent) => (highestIn(extent) ?? Infinity) >= from }
}

function atMost(lowestIn: (extent: Extent) => number | undefined): Dimension<number> {
  return { and: Math.min, or: Math.max, mayMeet: (to, extent) => (lowestIn(extent) ?? -Infinity) <= to }
}

/** A word of one side that lies inside one of the other's occurs on both sides; else one word of either side does. */
function textsOfEither(a: Plan, b: Plan): Plan {
  const [inA, inB] = [a.words ?? [], b.words ?? []]
  const shared = [
    ...inA.filter((word) => inB.some((other) => other.includes(word))),
    ...inB.filter((word) => inA.some((other) => other.includes(word))),
  ]
  const numberWords = union(a.numberWords ?? [], b.numberWords ?? [])
  const ofNumbers = numberWords.length > 0 ? { numberWords } : {}
  if (shared.length > 0) return { words: union(shared, []), ...ofNumbers }
  const [ofA, ofB] = [rarest(a), rarest(b)]
  const words = ofA && ofB && anyWord([...ofA, ...ofB])
  return { ...(words ? { anyWords: [words] } : {}), ...ofNumbers }
}

/** The demand on texts that likely narrows most: the longest word. */
function rarest({ words, anyWords = [] }: Plan): string[] | undefined {
  const longest = words?.reduce((a, b) => (b.length > a.length ? b : a))
  return longest === undefined ? anyWords[0] : [longest]
}

/** A key of the first demand of each side: all pairs of demands would be too many. */
function oneKeyOfEach([a = []]: string[][], [b = []]: string[][]): string[][] {
  return [union(a, b)]
}

function someBegin(beginnings: readonly string[], { templates }: Extent): boolean {
  return !templates || beginnings.some((beginning) => templates.some((id) => id.startsWith(beginning)))
}

function shares<T>(wanted: readonly T[], there: readonly T[] | undefined): boolean {
  return !there || wanted.some((item) => there.includes(item))
}

function concat<T>(a: readonly T[], b: readonly T[]): T[] {
  return [...a, ...b]
}

function union<T>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Set([...a, ...b])]
}
