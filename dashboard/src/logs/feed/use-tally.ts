// Counts of all lines in the log that match a query, in all and by the values of some columns: counted once, then only those that
// have come since, so that a large log costs no more than a small one.
import { useEffect, useState } from 'react'
import type { Client, Summary } from '../../../../src/client/index.ts'
import { useHub } from '../../hub/hub-context.tsx'

export interface Tally {
  total: number
  /** Column → value → lines. */
  by: ReadonlyMap<string, ReadonlyMap<string, number>>
}

const restMs = 1500
/** Of the time, counting takes at most one part in so many. */
const share = 4

/** Undefined until it is known. `facets` is one object for all calls. */
export function useTally(query: string, facets: readonly string[]): Tally | undefined {
  const { client } = useHub()
  const [tally, setTally] = useState<Tally>()
  useEffect(() => {
    setTally(undefined)
    const abort = new AbortController()
    void keepCounting(client, { query, facets, signal: abort.signal }, setTally)
    return () => abort.abort()
  }, [client, query, facets])
  return tally
}

interface Asked {
  query: string
  facets: readonly string[]
  signal: AbortSignal
}

async function keepCounting(client: Client, asked: Asked, tell: (tally: Tally) => void): Promise<void> {
  const { signal } = asked
  let counted = 0
  let tally: Tally = { total: 0, by: new Map() }
  while (!signal.aborted) {
    const began = performance.now()
    try {
      const head = await newestId(client, signal)
      // Ids that begin anew belong to another log.
      if (head < counted) [counted, tally] = [0, { total: 0, by: new Map() }]
      if (head > counted || counted === 0) {
        tally = withSummary(tally, await countBetween(client, asked, counted, head))
        counted = head
        if (!signal.aborted) tell(tally)
      }
    } catch (error) {
      // The list of lines says what is wrong with a query.
      if ((error as { code?: string }).code === 'query-invalid') return
    }
    await rest(Math.max(restMs, share * (performance.now() - began)), signal)
  }
}

async function newestId(client: Client, signal: AbortSignal): Promise<number> {
  const { records } = await client.search({ limit: 1 }, { signal })
  return records[0]?.id ?? 0
}

function countBetween(client: Client, { query, facets, signal }: Asked, after: number, last: number): Promise<Summary> {
  return client.summary({ query, facets: [...facets], facetLimit: 100, after, before: last + 1 }, { signal })
}

function withSummary({ total, by }: Tally, { count, facets = [] }: Summary): Tally {
  const sums = new Map([...by].map(([name, values]) => [name, new Map(values)]))
  for (const { name, top } of facets) {
    const values = sums.get(name) ?? new Map<string, number>()
    for (const { value, count: more } of top) values.set(value, (values.get(value) ?? 0) + more)
    sums.set(name, values)
  }
  return { total: total + count, by: sums }
}

/** Longer while nobody looks at the page. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, document.hidden ? 10 * ms : ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
