// Syntax tree → plan. Only what holds for every match may be said: under OR the weaker of both sides, under NOT nothing.
import type { Plan } from './plan.ts'
import type { Query } from '../language/syntax-tree.ts'
import { verbOf } from '../verbs/index.ts'
import { anyWord } from './words.ts'

export function planQuery(query: Query): Plan {
  switch (query.type) {
    case 'all':
    case 'not':
      return {}
    case 'and':
      return query.items.map(planQuery).reduce(both)
    case 'or':
      return query.items.map(planQuery).reduce(either)
    case 'condition':
      return verbOf(query.condition).plan(query.condition)
  }
}

/** Ranges narrow; of two name lists one is kept, as patterns cannot be intersected in general. */
function both(a: Plan, b: Plan): Plan {
  return known({
    sources: a.sources ?? b.sources,
    sessions: a.sessions ?? b.sessions,
    streams: intersection(a.streams, b.streams),
    kinds: intersection(a.kinds, b.kinds),
    runFrom: choose(Math.max, a.runFrom, b.runFrom),
    runTo: choose(Math.min, a.runTo, b.runTo),
    severityFrom: choose(Math.max, a.severityFrom, b.severityFrom),
    severityTo: choose(Math.min, a.severityTo, b.severityTo),
    timeFrom: choose(Math.max, a.timeFrom, b.timeFrom),
    timeTo: choose(Math.min, a.timeTo, b.timeTo),
    idFrom: choose(Math.max, a.idFrom, b.idFrom),
    idTo: choose(Math.min, a.idTo, b.idTo),
    templates: a.templates ?? b.templates,
    words: union(a.words, b.words),
    anyWords: concat(a.anyWords, b.anyWords),
    numberWords: union(a.numberWords, b.numberWords),
    fields: concat(a.fields, b.fields),
    numbers: concat(a.numbers, b.numbers),
  })
}

function either(a: Plan, b: Plan): Plan {
  const where = <K extends keyof Plan>(key: K, join: (a: NonNullable<Plan[K]>, b: NonNullable<Plan[K]>) => Plan[K]) =>
    a[key] === undefined || b[key] === undefined ? undefined : join(a[key], b[key])
  return known({
    sources: where('sources', (a, b) => [...a, ...b]),
    sessions: where('sessions', (a, b) => [...a, ...b]),
    streams: where('streams', (a, b) => union(a, b)),
    kinds: where('kinds', (a, b) => union(a, b)),
    runFrom: where('runFrom', Math.min),
    runTo: where('runTo', Math.max),
    severityFrom: where('severityFrom', Math.min),
    severityTo: where('severityTo', Math.max),
    timeFrom: where('timeFrom', Math.min),
    timeTo: where('timeTo', Math.max),
    idFrom: where('idFrom', Math.min),
    idTo: where('idTo', Math.max),
    templates: where('templates', (a, b) => union(a, b)),
    ...wordsOfEither(a, b),
    numberWords: union(a.numberWords, b.numberWords),
    fields: where('fields', fieldsOfEither),
  })
}

/** Where one side's word lies inside the other's, it occurs on both sides; else one word of either side does. */
function wordsOfEither(a: Plan, b: Plan): Plan {
  const [inA, inB] = [a.words ?? [], b.words ?? []]
  const shared = [
    ...inA.filter((word) => inB.some((other) => other.includes(word))),
    ...inB.filter((word) => inA.some((other) => other.includes(word))),
  ]
  if (shared.length > 0) return { words: [...new Set(shared)] }
  const [ofA, ofB] = [hardest(a), hardest(b)]
  const words = ofA && ofB && anyWord([...ofA, ...ofB])
  return words ? { anyWords: [words] } : {}
}

/** What is likely to be the rarest of what the plan demands. */
function hardest({ words, anyWords = [] }: Plan): string[] | undefined {
  const longest = words?.reduce((a, b) => (b.length > a.length ? b : a))
  return longest === undefined ? anyWords[0] : [longest]
}

/** One key of the first demand of each side: all pairs of demands would be too many. */
function fieldsOfEither([a]: string[][], [b]: string[][]): string[][] {
  return [union(a, b)!]
}

function concat<T>(a: T[] | undefined, b: T[] | undefined): T[] | undefined {
  return a && b ? [...a, ...b] : (a ?? b)
}

function choose(better: (a: number, b: number) => number, a?: number, b?: number): number | undefined {
  return a === undefined ? b : b === undefined ? a : better(a, b)
}

function intersection<T>(a?: T[], b?: T[]): T[] | undefined {
  return a && b ? a.filter((item) => b.includes(item)) : (a ?? b)
}

function union<T>(a?: T[], b?: T[]): T[] | undefined {
  return a && b ? [...new Set([...a, ...b])] : (a ?? b)
}

/** Leaves out what is not known. */
function known(plan: Plan): Plan {
  return Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined))
}
