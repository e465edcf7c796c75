// For tests: a summary of records as objects, as plainly as it can be written, sharing no code with the accumulator.
import { WrittenNumber } from '../json/written-number.ts'
import { severityName, type LogRecord } from '../contracts/record.ts'
import { templateId, templateOf } from '../text/template.ts'
import { naivePlain, naiveServiceName } from './naive-match-harness.ts'
import type { Random } from './random-query-harness.ts'
import type { Facet, Ranking, Summary, SummaryRequest } from '../contracts/request.ts'

type Counted = Omit<Summary, 'through' | 'done'>

export function naiveSummary(request: SummaryRequest, coloured: readonly LogRecord[]): Counted {
  const records = coloured.map(naivePlain)
  const { histogram, facets, facetLimit = 10, templates = 0, fields } = request
  return {
    count: records.length,
    ...(histogram ? { histogram: naiveHistogram(histogram, records) } : {}),
    ...(facets ? { facets: facets.map((name) => naiveFacet(name, facetLimit, records)) } : {}),
    ...(templates > 0 ? { templates: naiveTemplates(templates, records) } : {}),
    ...(fields ? { fields: rank(records.map(fieldNames), 1000, (name) => ({ name })) } : {}),
  }
}

function naiveHistogram(
  { from, to, bucketMs }: NonNullable<SummaryRequest['histogram']>,
  records: readonly LogRecord[],
): NonNullable<Counted['histogram']> {
  const starts: number[] = []
  for (let start = from; start < to; start += bucketMs) starts.push(start)
  const level = (name: string): number[] =>
    starts.map((start) => {
      const end = Math.min(to, start + bucketMs)
      return records.filter((each) => severityName(each.severity) === name && each.time >= start && each.time < end)
        .length
    })
  const [TRACE, DEBUG, INFO, WARNING, ERROR, CRITICAL] = 'TRACE DEBUG INFO WARNING ERROR CRITICAL'.split(' ').map(level)
  return {
    from,
    bucketMs,
    counts: { TRACE: TRACE!, DEBUG: DEBUG!, INFO: INFO!, WARNING: WARNING!, ERROR: ERROR!, CRITICAL: CRITICAL! },
    earlier: records.filter(({ time }) => time < from).length,
    later: records.filter(({ time }) => time >= to).length,
  }
}

function naiveFacet(name: string, limit: number, records: readonly LogRecord[]): Facet {
  const found = records.map((record) => facetValues(record, name))
  const short = found.map((values) => values.filter((value) => value.length <= 256))
  const ranking = rank(short, limit, (value) => ({ value }))
  const long = found.filter((values, i) => values.length > short[i]!.length).length
  if (long > 0) delete ranking.distinct
  return { name, ...ranking, other: ranking.other + long, missing: found.filter(({ length }) => length === 0).length }
}

function facetValues(record: LogRecord, name: string): string[] {
  if (name === 'level') return [severityName(record.severity)]
  if (name === 'source' || name === 'stream' || name === 'kind' || name === 'session' || name === 'run')
    return [String(record[name])]
  if (name === 'service') return [naiveServiceName(record.logger?.split('.')[0] || record.source, {})]
  if (name === 'logger') return record.logger === undefined ? [] : [record.logger]
  const wanted = name.replace(/^fields\./, '')
  const values = leaves(record.fields ?? {}, []).filter(([path]) => path === wanted)
  return [...new Set(values.map(([, value]) => String(value)))]
}

/** Each single value with its dotted path; those in lists have the path of the list. */
function leaves(holder: unknown, path: string[]): [path: string, value: unknown][] {
  if (Array.isArray(holder)) return holder.flatMap((item) => leaves(item, path))
  if (typeof holder !== 'object' || holder === null || holder instanceof WrittenNumber)
    return [[path.join('.'), holder]]
  return Object.entries(holder).flatMap(([key, value]) => leaves(value, [...path, key]))
}

function fieldNames({ logger, traceId, spanId, fields = {} }: LogRecord): string[] {
  const own = Object.entries({ logger, traceId, spanId }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  )
  const paths = leaves(fields, []).map(([path]) => path)
  const verbal =
    /^(source|level|severity|logger|message|session|stream|kind|run|id|seq|template|pattern|has|since|until|time|traceId|trace_id)(\.|$)/
  return [...new Set([...own, ...paths.map((path) => (verbal.test(path) ? `fields.${path}` : path))])]
}

function naiveTemplates(limit: number, records: readonly LogRecord[]): NonNullable<Counted['templates']> {
  const found = records.map(({ message }) => [templateOf(message)])
  return rank(found, limit, (template) => ({
    id: templateId(template),
    template: template.length > 1000 ? `${template.slice(0, 1000)}…` : template,
    newest: Math.max(...records.filter((_, i) => found[i]![0] === template).map(({ id }) => id)),
  }))
}

function rank<Item>(found: readonly string[][], limit: number, item: (text: string) => Item): Ranking<Item> {
  const counts = new Map<string, number>()
  for (const text of found.flat()) counts.set(text, (counts.get(text) ?? 0) + 1)
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return {
    top: sorted.slice(0, limit).map(([text, count]) => ({ ...item(text), count })),
    other: sorted.slice(limit).reduce((sum, [, count]) => sum + count, 0),
    distinct: counts.size,
  }
}

const names =
  'source service level stream kind logger run session user.id port user ok path fields.port note id missing'.split(' ')

/** What a summary may be asked for, about records of the two hours before `now`. */
export function randomParts(random: Random, now: number): SummaryRequest {
  const start = now - random(9_000_000)
  const bucketMs = [1, 977, 60_000, 600_000][random(4)]!
  return {
    ...(random(2) ? { histogram: { from: start, to: start + Math.ceil((1 + random(60)) * bucketMs), bucketMs } } : {}),
    ...(random(2) ? { facets: names.filter(() => random(3) === 0) } : {}),
    ...(random(2) ? { facetLimit: random(5) } : {}),
    ...(random(2) ? { templates: random(6) } : {}),
    ...(random(2) ? { fields: random(2) === 0 } : {}),
  }
}
