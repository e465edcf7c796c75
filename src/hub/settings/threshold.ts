// A threshold as the configuration has it and as somebody has changed it since, which holds under the next hub, too: a level for all
// until the configuration says something new, those of sources and services until they are taken back.
import type { Catalogue } from '../catalogue.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { SeverityName } from '../../contracts/record.ts'
import type { Threshold } from '../../contracts/request.ts'
import { thresholdQuery } from '../../query/threshold-query.ts'

export interface KeptThreshold {
  now(): Threshold
  /** The level that somebody has set for a source, or else for all. */
  setFor(source: string): { level?: SeverityName; isOwn?: boolean }
  /** Of one source, or, by `allSources`, of those without one of their own; undefined: as configured. Throws `request-invalid`. */
  setLevel(source: string, level: SeverityName | undefined): void
  /** Throws `request-invalid`. */
  setService(name: string, isOn: boolean): void
}

/** Stands for every source that has no level of its own. */
const allSources = '*'

interface Said {
  /** `configured`: what the configuration said then. */
  level?: { level: SeverityName; configured: SeverityName }
  ofSources: Record<string, SeverityName>
  withoutServices: string[]
}

/** A query must stay one that can be asked, and with others inside one. */
const mostCharacters = 8000

export function openThreshold(
  catalogue: Pick<Catalogue, 'keep' | 'kept'>,
  key: string,
  configured: SeverityName,
): KeptThreshold {
  let said = (catalogue.kept(key) as Said | undefined) ?? { ofSources: {}, withoutServices: [] }
  if (said.level?.configured !== configured) said = { ofSources: said.ofSources, withoutServices: said.withoutServices }

  const thresholdOf = ({ level, ...rest }: Said): Threshold => ({ level: level?.level ?? configured, ...rest })

  function change(next: Said): void {
    if (thresholdQuery(thresholdOf(next)).length > mostCharacters)
      throw new LogboomError('request-invalid', 'Too many sources and services have settings of their own', {
        hint: 'Set a level for all sources, and take back those that are not needed any more.',
      })
    said = next
    catalogue.keep(key, next)
  }

  return {
    now: () => thresholdOf(said),
    setFor(source) {
      if (Object.hasOwn(said.ofSources, source)) return { level: said.ofSources[source]!, isOwn: true }
      return said.level ? { level: said.level.level } : {}
    },
    setLevel(source, level) {
      if (source === allSources) {
        const { level: _, ...rest } = said
        return change(level === undefined ? rest : { ...rest, level: { level, configured } })
      }
      const { [source]: _, ...others } = said.ofSources
      change({ ...said, ofSources: level === undefined ? others : { ...others, [source]: level } })
    },
    setService(name, isOn) {
      const others = said.withoutServices.filter((each) => each.toLowerCase() !== name.toLowerCase())
      change({ ...said, withoutServices: isOn ? others : [...others, name] })
    },
  }
}
