// Runs of another host's sources in the catalogue of this hub: under the numbers that their records have here.
import type { RunRow } from '../../contracts/source.ts'
import type { Catalogue } from '../catalogue.ts'

export interface RemoteRuns {
  /** Number that a run of the host's source has here. */
  numberOf(source: string, run: number): number
  /** By source, what is added to the numbers of its runs. */
  learn(offsets: Readonly<Record<string, number>>): void
  /** With the details alone that lists show: nothing by which this hub could take a process for its own. */
  take(rows: readonly RunRow[]): void
}

export interface RemoteRunsOptions {
  catalogue: Pick<Catalogue, 'recall' | 'knows'>
  session: string
  now(): number
  host: { name: string; skewMs: number }
  offsets: Readonly<Record<string, number>>
}

/** Runs whose source has no records here yet. */
const mostWaiting = 1000

export function openRemoteRuns({ catalogue, session, now, host, ...given }: RemoteRunsOptions): RemoteRuns {
  const offsets = new Map(Object.entries(given.offsets))
  let waiting: RunRow[] = []

  function keep(row: RunRow): void {
    const source = `${host.name}/${row.source}`
    const run = row.run + offsets.get(row.source)!
    if (catalogue.knows(source, run) === false) return
    const here = (at: number): number => Math.min(now(), at + host.skewMs)
    const endedAt = row.endedAt === null ? null : here(row.endedAt)
    catalogue.recall({
      source,
      run,
      session,
      startedAt: here(row.startedAt),
      endedAt,
      details: { ...row.details, host: host.name },
    })
  }

  function take(rows: readonly RunRow[]): void {
    const isKnown = ({ source }: RunRow): boolean => offsets.has(source)
    rows.filter(isKnown).forEach(keep)
    waiting = [...waiting, ...rows.filter((row) => !isKnown(row))].slice(-mostWaiting)
  }

  return {
    numberOf: (source, run) => (run === 0 ? 0 : run + (offsets.get(source) ?? 0)),
    learn(more) {
      const added = Object.entries(more)
      if (added.length === 0) return
      for (const [source, offset] of added) offsets.set(source, offset)
      take(waiting.splice(0))
    },
    take,
  }
}
