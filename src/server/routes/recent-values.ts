// Names, values and templates of the newest records, for completion: each look is short and remembered for a moment, as
// people type faster than values change.
import type { SearchRequest, Summary, SummaryRequest, TemplateCount } from '../../contracts/request.ts'
import { formatValue, isName } from '../../query/language/tokens.ts'
import type { Storage } from '../../contracts/storage.ts'

export interface Recent {
  fieldNames(): Promise<Counted[]>
  /** The most frequent values of a name that have the text inside. */
  values(name: string, part: string): Promise<Counted[]>
  templates(): Promise<(TemplateCount & { count: number })[]>
}

export interface Counted {
  value: string
  count: number
}

const lookBack = 50_000
const lookForMs = 200
const rememberMs = 3000
const maxRemembered = 100
const maxValues = 100

/** Of all records that a caller may see. */
export interface RecentValues {
  within(limit: SearchRequest['within']): Recent
}

export function openRecent(storage: Storage): RecentValues {
  const looks = new Map<string, { until: number; summary: Promise<Summary | undefined> }>()

  function look(request: SummaryRequest): Promise<Summary | undefined> {
    const key = JSON.stringify(request)
    const now = performance.now()
    let entry = looks.get(key)
    if (!entry || entry.until < now) {
      if (looks.size >= maxRemembered) looks.clear()
      entry = { until: now + rememberMs, summary: summarize(request) }
      looks.set(key, entry)
      // A look that failed is tried again at the next key.
      entry.summary.catch(() => looks.delete(key))
    }
    return entry.summary
  }

  async function summarize(request: SummaryRequest): Promise<Summary | undefined> {
    const deadline = performance.now() + lookForMs
    let last: Summary | undefined
    for await (const summary of storage.summarize({ ...request, after: Math.max(0, storage.head() - lookBack) })) {
      last = summary
      if (performance.now() > deadline) break
    }
    return last
  }

  const within = (limit: SearchRequest['within']): Recent => ({
    async fieldNames() {
      const { fields } = (await look({ within: limit, fields: true })) ?? {}
      return fields?.top.map(({ name, count }) => ({ value: name, count })) ?? []
    },
    async values(name, part) {
      // A rare value is not among the most frequent ones, but it is among those that have the text.
      const narrow = part !== '' && isName(name) && formatValue(part) === part
      const query = narrow ? `${name}:*${part}*` : ''
      const { facets } = (await look({ within: limit, query, facets: [name], facetLimit: maxValues })) ?? {}
      return facets?.[0]?.top ?? []
    },
    async templates() {
      const { templates } = (await look({ within: limit, templates: maxValues })) ?? {}
      return templates?.top ?? []
    },
  })
  return { within }
}
