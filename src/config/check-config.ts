// From any value to a parsed configuration, or to everything that is wrong with it.
import { faultOfSourceName } from '../text/source-name.ts'
import { checkDependencies } from './check-dependencies.ts'
import { checkInstances } from './check-instances.ts'
import { composeConfigSchema, type ParsedConfig, type Parts } from './config-schema.ts'
import { explainIssue } from './explain-issue.ts'
import { suggestion } from '../text/nearest-name.ts'
import { formatPath, type Problem } from './problem.ts'
import { unknownKeys, type UnknownKey } from './schema-keys.ts'

export interface CheckedConfig {
  /** Absent when there are problems. */
  parsed?: ParsedConfig
  problems: Problem[]
}

export function checkConfig(value: unknown, parts: Parts): CheckedConfig {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const given = value === null || value === undefined ? 'it is empty' : 'it is something else'
    return { problems: [{ path: [], message: `must be a group of keys, such as processes; ${given}` }] }
  }
  const { cleaned, off } = withoutSwitchedOff(value as Record<string, unknown>, parts)
  const schema = composeConfigSchema(parts)
  const problems = [...unknownKeys(schema, cleaned).map(explainKey), ...checkNames(cleaned, parts)]
  const result = schema.safeParse(cleaned)
  if (!result.success) problems.push(...result.error.issues.flatMap((issue) => explainIssue(issue, cleaned)))
  if (problems.length > 0 || !result.success) return { problems }
  for (const path of off) switchOff(result.data, path)
  problems.push(...checkDependencies(result.data, parts), ...checkInstances(result.data, parts))
  return problems.length > 0 ? { problems } : { parsed: result.data, problems }
}

function explainKey({ path, key, candidates }: UnknownKey): Problem {
  const guess = suggestion(key, candidates)
  const all = candidates.length > 0 && candidates.length <= 20 ? `; there are ${candidates.join(', ')}` : ''
  return { path, message: `there is no such key${guess || all}` }
}

/** `logFile: false` switches a stage or sink off, `logFile: true` and an empty section mean its defaults. */
function withoutSwitchedOff(value: Record<string, unknown>, parts: Parts) {
  const cleaned = { ...value }
  const off: string[][] = []
  const sections = new Set([
    'stages',
    'sinks',
    'retention',
    'server',
    'session',
    'agent',
    ...parts.sourceTypes.map(({ section }) => section),
  ])
  for (const section of sections) if (cleaned[section] === null) delete cleaned[section]
  const clean = (given: unknown, types: Parts['stageTypes'] | Parts['sinkTypes'], path: string[]): unknown => {
    if (!isGroup(given)) return given
    const options = { ...given }
    for (const { name } of types) {
      if (options[name] === false) off.push([...path, name])
      if (typeof options[name] === 'boolean' || options[name] === null) options[name] = {}
    }
    return options
  }
  if ('sinks' in cleaned) cleaned['sinks'] = clean(cleaned['sinks'], parts.sinkTypes, ['sinks'])
  if ('stages' in cleaned) {
    const stages = clean(cleaned['stages'], parts.stageTypes, ['stages'])
    if (isGroup(stages) && isGroup(stages['sources']))
      stages['sources'] = Object.fromEntries(
        Object.entries(stages['sources']).map(([pattern, given]) => [
          pattern,
          clean(given, parts.stageTypes, ['stages', 'sources', pattern]),
        ]),
      )
    cleaned['stages'] = stages
  }
  return { cleaned, off }
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Parts that are off for all are absent; for some sources `false` says so, as absent means the same as for all. */
function switchOff(parsed: ParsedConfig, path: readonly string[]): void {
  const name = path.at(-1)!
  const group = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, parsed)
  if (path.length > 2) group[name] = false
  else delete group[name]
}

/** Names are file names, query words and URLs, and unique over all sections. */
function checkNames(value: Record<string, unknown>, { sourceTypes }: Parts): Problem[] {
  const problems: Problem[] = []
  const seen = new Map<string, string>()
  for (const { section } of sourceTypes) {
    const group = value[section]
    if (typeof group !== 'object' || group === null || Array.isArray(group)) continue
    for (const name of Object.keys(group)) {
      const path = [section, name]
      const first = seen.get(name)
      if (first)
        problems.push({ path, message: `this name is already used by ${first}; names are unique over all sections` })
      else seen.set(name, formatPath(path))
      const fault = faultOfSourceName(name)
      if (fault) problems.push({ path, message: fault })
    }
  }
  return problems
}
