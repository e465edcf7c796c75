// Sets of whole numbers as ascending ranges, both ends inclusive: how sequences and ids are accounted for.

export type Range = [from: number, to: number]

/** Sorted, with what overlaps or touches joined. */
export function joinRanges(ranges: Iterable<Range>): Range[] {
  const joined: Range[] = []
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

/** Ranges in `from` and not in `others`; both joined. */
export function subtractRanges(from: readonly Range[], others: readonly Range[]): Range[] {
  const left: Range[] = []
  let at = 0
  for (const [first, last] of from) {
    let start = first
    while (at < others.length && others[at]![1] < start) at++
    for (let i = at; i < others.length && others[i]![0] <= last; i++) {
      if (others[i]![0] > start) left.push([start, others[i]![0] - 1])
      start = Math.max(start, others[i]![1] + 1)
    }
    if (start <= last) left.push([start, last])
  }
  return left
}

export function countRanges(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)
}

/** Of ascending numbers. */
export function rangesOf(numbers: Iterable<number>): Range[] {
  const ranges: Range[] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last && number === last[1] + 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges
}

/** `1–5, 7`, and `…` when they are many. */
export function formatRanges(ranges: readonly Range[], most = 5): string {
  const parts = ranges.slice(0, most).map(([from, to]) => (from === to ? String(from) : `${from}–${to}`))
  return [...parts, ...(ranges.length > most ? ['…'] : [])].join(', ')
}
