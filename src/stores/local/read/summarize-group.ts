// Counts a group of blocks: from the headers where it is certain what matches, else by reading the matching rows.
import { covers, onlyWords } from '../../../query/plan/covers.ts'
import type { Extent } from '../../../query/plan/plan.ts'
import type { OpenSummary } from '../../../query/summary/summary.ts'
import type { KnownCounts } from '../../../query/summary/summary-part.ts'
import { openBlockRows } from '../day/block-rows.ts'
import { extentOf, type BlockHeader } from '../block/block-header.ts'
import type { Block } from '../block/open-block.ts'
import type { BlockAt } from '../day/day-file.ts'
import { walkGroup, type GroupPart } from './walk-group.ts'

const minuteMs = 60_000
/** The last moment of a minute. */
const minuteEnd = minuteMs - 0.001

/** Stops before each block, for its caller to let others in. */
export function summarizeGroup(part: GroupPart, summary: OpenSummary): Generator<undefined> {
  const { range, matcher } = part
  const { query, since, until } = matcher
  return walkGroup(part, {
    add: summary.add,
    read(at, block) {
      const { firstId, lastId } = at.header
      const isInside = firstId > range.after && lastId < range.before
      if (isInside && (addKnown(at, block) || addWords(at, block))) return
      openBlockRows(block, matcher)
        .take(range.after + 1, range.before - 1)
        .forEach(summary.add)
    },
  })

  function coversAll(extent: Extent): boolean {
    return extent.timeFrom! >= since && extent.timeTo! < until && covers(query, extent)
  }

  /** Counts rows that have the words asked for, looking only at those of which it is not certain. False when more is asked for. */
  function addWords({ header }: BlockAt, block: Block): boolean {
    const extent = extentOf(header)
    if (!(extent.timeFrom! >= since && extent.timeTo! < until)) return false
    const sought = onlyWords(query, extent)
    const found = sought && block.findWords(sought)
    if (!found) return false
    const times = block.times(found.sure)
    if (!summary.addKnown({ ...commonTo(header), cells: perSeverity(times), times: () => times })) return false
    for (const batch of block.batches(found.perhaps)) {
      const matching = matcher.filter(batch)
      if (matching) summary.add(matching)
    }
    return true
  }

  /** False when the records must be looked at. */
  function addKnown({ header }: BlockAt, block: Block): boolean {
    const extent = extentOf(header)
    const common = commonTo(header)
    const counts = block.minuteCounts()
    if (coversAll(extent)) {
      const { times, countValues: values, countTemplates: templates } = block
      return summary.addKnown({ ...common, cells: counts ?? perSeverity(times()), times, values, templates })
    }
    if (!counts) return false
    const cells: KnownCounts['cells'][number][] = []
    for (const cell of counts) {
      const times = { timeFrom: cell.minute, timeTo: cell.minute + minuteEnd }
      const part = { ...extent, ...times, severityFrom: cell.severity, severityTo: cell.severity }
      if (coversAll(part)) cells.push(cell)
      else if (matcher.mayMatch(part)) return false
    }
    return summary.addKnown({ ...common, cells, times: () => timesIn(cells, block.times()) })
  }
}

/** Values that all records of a block have in common. */
function commonTo({ source, origins, streams, kinds }: BlockHeader): Omit<KnownCounts, 'cells'> {
  const [origin, ...others] = origins
  return {
    source,
    ...(others.length === 0 ? { run: origin!.run, session: origin!.session } : {}),
    ...(streams.length === 1 ? { stream: streams[0]! } : {}),
    ...(kinds.length === 1 ? { kind: kinds[0]! } : {}),
  }
}

type Times = ReturnType<Block['times']>

/** Counts of some minutes and severities. */
function timesIn(cells: KnownCounts['cells'], { count, time, severity }: Times): Times {
  const wanted = new Map<number, Uint8Array>()
  for (const cell of cells) {
    const ofMinute = wanted.get(cell.minute!) ?? new Uint8Array(32)
    ofMinute[cell.severity] = 1
    wanted.set(cell.minute!, ofMinute)
  }
  const kept = { count: 0, time: new Float64Array(count), severity: new Uint8Array(count) }
  let minute = Number.NaN
  let ofMinute: Uint8Array | undefined
  for (let row = 0; row < count; row++) {
    const at = Math.floor(time[row]! / minuteMs) * minuteMs
    // Neighbours mostly are of the same minute.
    if (at !== minute) ofMinute = wanted.get((minute = at))
    if (ofMinute?.[severity[row]!] !== 1) continue
    kept.time[kept.count] = time[row]!
    kept.severity[kept.count++] = severity[row]!
  }
  return kept
}

function perSeverity({ severity }: Times): KnownCounts['cells'] {
  return [...Map.groupBy(severity, (each) => each)].map(([each, rows]) => ({ severity: each, count: rows.length }))
}
