// Dependencies of processes: only for sources that there are, and not in a circle.
import type { ParsedConfig, Parts } from './config-schema.ts'
import { suggestion } from '../text/nearest-name.ts'
import type { Path, Problem } from './problem.ts'

interface Waiting {
  path: Path
  for: string[]
}

/** Names that the options of a source say it waits for. */
export function dependenciesOf(options: unknown): string[] {
  const { dependsOn = [] } = options as { dependsOn?: string[] | Record<string, unknown> }
  return Array.isArray(dependsOn) ? dependsOn : Object.keys(dependsOn)
}

export function checkDependencies(parsed: ParsedConfig, { sourceTypes }: Parts): Problem[] {
  const all = new Map<string, Waiting>()
  for (const { section } of sourceTypes)
    for (const [name, options] of Object.entries(parsed[section] as Record<string, unknown>))
      all.set(name, { path: [section, name, 'dependsOn'], for: dependenciesOf(options) })
  return [...all].flatMap(([name, { path, for: others }]) =>
    others.flatMap((other): Problem[] => {
      if (!all.has(other)) {
        const names = [...all.keys()].filter((each) => each !== name)
        return [{ path, message: `there is no source "${other}"${suggestion(other, names)}` }]
      }
      const circle = wayBack(all, name, other)
      return circle ? [{ path, message: `waits in a circle: ${[name, ...circle].join(' → ')}` }] : []
    }),
  )
}

/** The names from `from` to `to`, both with; undefined when no way leads there. */
function wayBack(
  all: ReadonlyMap<string, Waiting>,
  to: string,
  from: string,
  seen: ReadonlySet<string> = new Set(),
): string[] | undefined {
  if (from === to) return [to]
  if (seen.has(from)) return undefined
  for (const next of all.get(from)?.for ?? []) {
    const way = wayBack(all, to, next, new Set([...seen, from]))
    if (way) return [from, ...way]
  }
  return undefined
}
