// `logboom histogram`: how many records there were when, as bars.
import type { Histogram, SearchRequest, Summary } from '../../contracts/request.ts'
import { formatAmount, formatCount } from '../../text/amounts.ts'
import { formatFileTime } from '../../time/clock.ts'
import { openLogReader, type LogReader } from './log-reader.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { selectRecords, type SelectOptions } from './select-records.ts'
import { summarize } from './summarize.ts'
import { createPaint, wantsColor, type Paint } from '../terminal-style.ts'

export interface HistogramOptions extends PlaceOptions, SelectOptions {
  json?: boolean
  utc?: boolean
  color: boolean
}

const [secondMs, minuteMs, hourMs, dayMs] = [1000, 60_000, 3_600_000, 86_400_000]
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minuteMs),
  ...[1, 2, 3, 6, 12].map((count) => count * hourMs),
  ...[1, 2, 7, 14, 28].map((count) => count * dayMs),
]
const mostRows = 30
const barColumns = 40
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

export async function histogram(words: string[], options: HistogramOptions): Promise<void> {
  const { json, utc = false, color } = options
  const selected = selectRecords(words, options)
  const reader = await openLogReader(options)
  const times = [
    selected.since ?? (await timeOf(reader, selected, 'oldest')),
    selected.until,
    await timeOf(reader, selected, 'newest'),
  ]
  await reader.close()
  const [since, until, newest] = times
  if (since === undefined || newest === undefined) {
    if (json) process.stdout.write('{ "count": 0 }\n')
    else console.error('logboom: there is no such record')
    return
  }
  const range = alignedRange(since, until ?? Math.max(newest + 1, since + 1), utc)
  const summary = await summarize({ ...selected, histogram: range }, options)
  const paint = createPaint(color && wantsColor(process.stdout))
  process.stdout.write(json ? `${JSON.stringify(summary, null, 2)}\n` : formatBars(summary, paint, utc))
}

/** When the first or last record of the log was that matches. */
async function timeOf(
  reader: LogReader,
  request: SearchRequest,
  order: 'newest' | 'oldest',
): Promise<number | undefined> {
  for await (const { records } of reader.search({ ...request, order, limit: 1 })) {
    if (records[0]) return records[0].time
  }
  return undefined
}

/** Round buckets, of which there are not too many to look at. */
export function alignedRange(
  since: number,
  until: number,
  utc: boolean,
): { from: number; to: number; bucketMs: number } {
  const offsetMs = utc ? 0 : new Date(since).getTimezoneOffset() * minuteMs
  const down = (time: number, step: number): number => Math.floor((time - offsetMs) / step) * step + offsetMs
  const rows = (step: number): number => Math.ceil((until - down(since, step)) / step)
  const longest = steps.at(-1)!
  const bucketMs = steps.find((step) => rows(step) <= mostRows) ?? Math.ceil(rows(longest) / mostRows) * longest
  const from = down(since, bucketMs)
  return { from, to: from + rows(bucketMs) * bucketMs, bucketMs }
}

/** A row per bucket: when, a bar, how many, how many of them errors. */
export function formatBars({ histogram }: Summary, paint: Paint, utc: boolean): string {
  const { from, bucketMs, counts, earlier, later } = histogram as Histogram
  const rows = counts.INFO.map((_, i) => ({
    time: formatFileTime(from + i * bucketMs, utc),
    total: Object.values(counts).reduce((sum, level) => sum + level[i]!, 0),
    errors: counts.ERROR[i]! + counts.CRITICAL[i]!,
  }))
  const isOneDay = new Set(rows.map(({ time }) => time.slice(0, 10))).size === 1
  const shownTime = (time: string): string => (isOneDay ? time.slice(11, 19) : time.slice(0, 16))
  const most = Math.max(1, ...rows.map(({ total }) => total))
  const width = formatCount(most).length
  const lines = rows.map(({ time, total, errors }) => {
    const trouble = errors > 0 ? paint('red', `  ${formatAmount(errors, 'error')}`) : ''
    const bar = paint('cyan', barOf(total / most))
    const count = formatCount(total).padStart(width)
    return `${paint('dim', shownTime(time))}  ${count}  ${bar}${trouble}`.trimEnd()
  })
  if (earlier > 0) lines.unshift(`earlier  ${formatCount(earlier)}`)
  if (later > 0) lines.push(`later  ${formatCount(later)}`)
  return `${lines.join('\n')}\n`
}

function barOf(share: number): string {
  const units = Math.ceil(share * barColumns * 8)
  return '█'.repeat(Math.floor(units / 8)) + eighths[units % 8]!
}
