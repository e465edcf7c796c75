// Rules of retention as somebody has changed them, which hold until the configuration says something new.
import { isDeepStrictEqual } from 'node:util'
import type { Catalogue } from '../catalogue.ts'
import type { Retention, RetentionChange, SourceLimit } from '../../contracts/retention.ts'

export interface KeptRetention {
  now(): Retention
  /** Gives the rules that hold from now on. */
  set(change: RetentionChange): Retention
}

interface Said {
  rules: Retention
  /** Of the configuration, then. */
  configured: Retention
}

const key = 'retention'

export function openKeptRetention(catalogue: Pick<Catalogue, 'keep' | 'kept'>, configured: Retention): KeptRetention {
  const said = catalogue.kept(key) as Said | undefined
  let rules = said && isDeepStrictEqual(said.configured, configured) ? said.rules : configured

  return {
    now: () => rules,
    set(change) {
      rules = changed(rules, configured, change)
      const isAsConfigured = isDeepStrictEqual(rules, configured)
      catalogue.keep(key, isAsConfigured ? undefined : ({ rules, configured } satisfies Said))
      return rules
    },
  }
}

function changed(rules: Retention, configured: Retention, { source, ageMs, bytes }: RetentionChange): Retention {
  if (source === undefined) {
    return {
      ...rules,
      ageMs: ageMs === undefined ? rules.ageMs : (ageMs ?? configured.ageMs),
      bytes: bytes === undefined ? rules.bytes : (bytes ?? configured.bytes),
    }
  }
  const find = ({ sources }: Retention): SourceLimit | undefined => sources.find(({ pattern }) => pattern === source)
  const [before, usual] = [find(rules), find(configured)]
  const age = ageMs === undefined ? before?.ageMs : (ageMs ?? usual?.ageMs)
  const size = bytes === undefined ? before?.bytes : (bytes ?? usual?.bytes)
  const limit: SourceLimit = {
    pattern: source,
    ...(age === undefined ? {} : { ageMs: age }),
    ...(size === undefined ? {} : { bytes: size }),
  }
  const isLimit = age !== undefined || size !== undefined
  // The first that matches counts: one that is new goes before those that may match as well.
  const sources = before
    ? rules.sources.flatMap((each) => (each !== before ? [each] : isLimit ? [limit] : []))
    : isLimit
      ? [limit, ...rules.sources]
      : rules.sources
  return { ...rules, sources }
}
