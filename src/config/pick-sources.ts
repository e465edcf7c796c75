// Sources that are meant by what people type: names, patterns, groups, or all. Its own file because the configuration and a
// running hub are asked in the same words.
import { LogboomError } from '../contracts/errors.ts'
import { patternTest } from '../query/match/wildcard.ts'
import { suggestion } from '../text/nearest-name.ts'

export interface Pickable {
  name: string
  group?: string | undefined
  /** The process that it is an instance of. */
  instanceOf?: string | undefined
  /** Patterns and groups mean only what can be started and stopped. */
  isProcess: boolean
}

/** `api`, `web-*`, `@backend`. */
export type Target = string

/** In the order of `sources`. Throws `unknown-source` for a target that means none of them. */
export function pickSources<Source extends Pickable>(targets: readonly Target[], sources: readonly Source[]): Source[] {
  const picked = new Set(targets.flatMap((target) => meant(target, sources)))
  return sources.filter((source) => picked.has(source))
}

function meant<Source extends Pickable>(target: Target, sources: readonly Source[]): Source[] {
  const named = sources.find(({ name }) => name === target)
  if (named) return [named]
  const processes = sources.filter(({ isProcess }) => isProcess)
  const found = target.startsWith('@')
    ? processes.filter(({ group }) => group === target.slice(1))
    : target.includes('*')
      ? processes.filter(({ name }) => patternTest({ text: target, wildcard: true })(name))
      : processes.filter(({ instanceOf }) => instanceOf === target)
  if (found.length === 0) throw new LogboomError('unknown-source', `there is no ${meaningless(target, sources)}`)
  return found
}

/** `group "bakend"; did you mean "backend"?` */
function meaningless(target: Target, sources: readonly Pickable[]): string {
  const names = [...new Set(sources.flatMap(({ name, instanceOf }) => (instanceOf ? [instanceOf, name] : name)))]
  if (!target.startsWith('@')) {
    const what = target.includes('*') ? 'process that matches' : 'source'
    return `${what} "${target}"${suggestion(target, names) || listed(names)}`
  }
  const groups = [...new Set(sources.flatMap(({ group }) => group ?? []))]
  return `group "${target.slice(1)}"${suggestion(target.slice(1), groups) || listed(groups)}`
}

function listed(names: string[]): string {
  return names.length > 0 ? `; there are ${names.join(', ')}` : ''
}
