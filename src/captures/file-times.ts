// Times of files against each other, where some tools keep them to the second only.

/** To what both times are precise; Unix milliseconds. */
function alike(a: number, b: number): [number, number] {
  const isCoarse = a % 1000 === 0 || b % 1000 === 0
  return isCoarse ? [Math.floor(a / 1000), Math.floor(b / 1000)] : [a, b]
}

export function isSameTime(a: number, b: number): boolean {
  const [one, other] = alike(a, b)
  return one === other
}

export function isBefore(a: number, b: number): boolean {
  const [one, other] = alike(a, b)
  return one < other
}
