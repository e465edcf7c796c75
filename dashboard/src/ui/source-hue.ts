// A colour per source: the same name has the same hue in every page, session and browser, unless another source of this
// hub has it already. Reds and ambers are left out: they mean trouble.
const hues = [250, 160, 300, 205, 125, 275, 180, 228, 325, 108]

/** Hues in degrees, for the utility class `source-hue` (variable --hue); distinct as long as there are enough of them. */
export function sourceHues(names: readonly string[]): (name: string) => number {
  const chosen = new Map<string, number>()
  const taken = new Set<number>()
  const give = (name: string, hue: number): void => {
    chosen.set(name, hue)
    taken.add(hue)
  }
  const sorted = names.toSorted()
  for (const name of sorted) if (!taken.has(preferred(name))) give(name, preferred(name))
  for (const name of sorted) if (!chosen.has(name)) give(name, farthest(taken) ?? preferred(name))
  return (name) => chosen.get(name) ?? preferred(name)
}

/** The free hue that is least like those taken. */
function farthest(taken: ReadonlySet<number>): number | undefined {
  const distance = (hue: number): number => Math.min(...[...taken].map((other) => Math.abs(hue - other)))
  const free = hues.filter((hue) => !taken.has(hue))
  return free.toSorted((a, b) => distance(b) - distance(a))[0]
}

function preferred(name: string): number {
  let hash = 2166136261
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619)
  hash ^= hash >>> 15
  return hues[(hash >>> 0) % hues.length]!
}
