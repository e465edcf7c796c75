// The common part of the counting commands: a summary of the selected records, with its progress on the terminal.
import type { Ranking, Summary, SummaryRequest } from '../../contracts/request.ts'
import { formatCount } from '../../text/amounts.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { openLogReader } from './log-reader.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { openProgressLine } from '../progress-line.ts'

export async function summarize(request: SummaryRequest, options: PlaceOptions): Promise<Summary> {
  const reader = await openLogReader(options)
  const progress = openProgressLine()
  try {
    return await reader.summarize(request, ({ count }) => progress.show(`${formatCount(count)} so far …`))
  } finally {
    progress.clear()
    await reader.close()
  }
}

/** One line for each: its count, numbers that belong to it, its text; at the end what is not listed. */
export function formatRanking<Item>(
  { top }: Ranking<Item>,
  columnsOf: (item: Item) => [...numbers: string[], text: string],
  rest: [count: number, text: string][],
): string {
  const rows = top.map((item) => [`${item.atMost ? '≥ ' : ''}${formatCount(item.count)}`, ...columnsOf(item)])
  const gaps = (rows[0]?.slice(2) ?? []).map(() => '')
  for (const [count, text] of rest) if (count > 0) rows.push([formatCount(count), ...gaps, text])
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) => {
    const numbers = row.slice(0, -1).map((cell, column) => cell.padStart(widths[column]!))
    return `${[...numbers, oneLine(row.at(-1)!)].join('  ')}\n`
  })
  return lines.join('')
}

function oneLine(text: string): string {
  return escapeTerminal(text).replaceAll('\n', '⏎')
}

/** On standard error, so that it is in nobody's numbers. */
export function warnIfApproximate({ approximate }: Ranking<unknown>, what: string): void {
  if (approximate === undefined) return
  console.error(
    `logboom: there are too many different ${what} to remember all of them: ` +
      `counts with ≥, and of what is not listed, may be up to ${formatCount(approximate)} too low`,
  )
}
