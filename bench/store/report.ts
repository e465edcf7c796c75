// The rounds as tables: minimum, median and maximum over the rounds, and beside them the median of each round's ratio to the
// first peer, since machines change from round to round.
import { formatCount } from '../../src/text/amounts.ts'
import { printTable } from '../table.ts'
import type { Compression } from './compress.ts'
import { firstQuestions, median, type Measured } from './measure-peer.ts'
import { queryNames, type Subject } from './peer.ts'

/** Of each peer what was measured, one a round. */
export type Rounds = Map<string, Measured[]>

type Row = Record<string, string | number>

export function report(subject: Subject, rounds: Rounds, general?: Compression): void {
  const { truth } = subject
  const [first] = rounds.keys()
  const count = rounds.get(first!)!.length
  const numbers = `${formatCount(truth.records)} records, ${count} rounds`
  const spread = (peer: string, value: (measured: Measured) => number | undefined): Row | undefined => {
    const values = rounds.get(peer)!.map(value)
    if (values.some((each) => each === undefined || each === 0)) return undefined
    const sorted = (values as number[]).toSorted((a, b) => a - b)
    const ratios = rounds.get(first!)!.map((of, round) => values[round]! / (value(of) ?? NaN))
    return { min: sorted[0]!, median: median(sorted), max: sorted.at(-1)!, [`${first} = 1`]: median(ratios) }
  }
  const table = (title: string, unit: string, value: (measured: Measured) => number | undefined): void => {
    const rows = [...rounds.keys()].flatMap((peer) => {
      const row = spread(peer, value)
      return row ? [{ [unit]: peer, ...row }] : []
    })
    if (rows.length > 0) printTable(title, rows)
  }

  const rate = (measured: Measured, seconds: number): number | undefined =>
    measured.cpuSeconds > 0 ? Math.round(truth.records / seconds) : undefined
  table(`Ingest, ${numbers}`, 'records per CPU-second', (each) => rate(each, each.cpuSeconds))
  table('Ingest until acknowledged', 'records/s', (each) => rate(each, each.ingestSeconds))
  table('Ingest until all is in its final form', 'records/s', (each) => rate(each, each.settledSeconds))
  table('Most memory while taking in', 'MB', (each) => each.peakMb)
  reportBytes(subject, rounds, general)

  const rows: Row[] = []
  for (const [query, value] of [
    ...firstQuestions.map((name) => [`first after a start: ${name}`, (each: Measured) => each.first[name]] as const),
    ...queryNames.map((name) => [name, (each: Measured) => each.warm[name]] as const),
  ]) {
    const ofQuery = [...rounds.keys()].flatMap((peer) => {
      const row = spread(peer, value)
      return row ? [{ query: '', peer, ...row }] : []
    })
    if (ofQuery[0]) ofQuery[0].query = query
    rows.push(...ofQuery)
  }
  printTable(`Queries, milliseconds, ${numbers}`, rows)
}

function reportBytes({ truth }: Subject, rounds: Rounds, general?: Compression): void {
  const sizes = new Map([...rounds].map(([peer, all]) => [peer, median(all.map(({ bytesOnDisk }) => bytesOnDisk))]))
  const generalBytes = general && (general.compressedBytes / general.bytes) * truth.bytes
  if (general) sizes.set(general.bytes < truth.bytes ? `${general.tool}, from a part` : general.tool, generalBytes!)
  sizes.set('raw', truth.bytes)
  const [own] = sizes.values()
  const [first] = rounds.keys()
  printTable(
    'Bytes on disk, everything included',
    [...sizes].map(([what, bytes]) => ({
      what,
      bytes,
      'per record': bytes / truth.records,
      'of raw': bytes / truth.bytes,
      [`${first} = 1`]: bytes / own!,
      ...(generalBytes ? { [`${general.tool} = 1`]: bytes / generalBytes } : {}),
    })),
  )
}
