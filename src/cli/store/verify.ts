// `logboom verify`: what became of every captured line, per source and run.
import type { RunAccount, VerifyReport } from '../../contracts/verify-report.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { formatCount } from '../../text/amounts.ts'
import { formatTable } from '../format-table.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { faultsOf, formatProblems, verifyWithProgress } from './store-verify.ts'
import { createPaint, wantsColor } from '../terminal-style.ts'

export interface VerifyCommandOptions extends PlaceOptions {
  runs?: boolean
  json?: boolean
}

export async function verify(options: VerifyCommandOptions): Promise<void> {
  const report = await verifyWithProgress(options, false)
  const color = wantsColor(process.stdout)
  const text = options.json
    ? `${JSON.stringify(report, null, 2)}\n`
    : formatAccounts(report, { color, everyRun: options.runs === true })
  process.stdout.write(text)
  if (report.problems.length + faultsOf(report).length > 0) process.exitCode = 1
}

type Row = Omit<RunAccount, 'run' | 'faults'> & { runs: string }

export function formatAccounts(
  report: VerifyReport,
  { color, everyRun }: { color: boolean; everyRun: boolean },
): string {
  const paint = createPaint(color)
  const total = report.runs.map(rowOf).reduce(add, { ...nothing, source: '', runs: '' })
  const rows = (everyRun ? report.runs.map(rowOf) : foldRuns(report.runs)).map((row) => [
    escapeTerminal(row.source),
    row.runs,
    row.captured,
    row.stored,
    row.removed,
    row.dropped,
    row.gaps,
    row.missing,
  ])
  const titles = ['SOURCE', 'RUN', 'CAPTURED', 'STORED', 'RETAINED AWAY', 'DROPPED', 'GAPS', 'MISSING']
  const faults = faultsOf(report)
  const lines = [
    ...(rows.length > 0 ? [...formatTable(titles, rows, color), ''] : []),
    ...formatProblems(report, color),
    ...faults.map((fault) => `${paint('red', '✗')} ${escapeTerminal(fault)}`),
    closingLine(total, faults.length + report.problems.length, color),
  ]
  return `${lines.join('\n')}\n`
}

function closingLine(
  { captured, stored, removed, dropped, gaps, missing }: Row,
  wrong: number,
  color: boolean,
): string {
  const paint = createPaint(color)
  if (captured === 0) return 'Nothing has been captured yet'
  const sum = [
    `${formatCount(stored)} stored`,
    removed > 0 && `${formatCount(removed)} removed by retention`,
    dropped > 0 && `${formatCount(dropped)} dropped by rule`,
    gaps > 0 && `${formatCount(gaps)} lost with gap records that say so`,
    missing > 0 && `${formatCount(missing)} missing`,
  ].filter(Boolean)
  const verdict = wrong === 0 ? `${paint('green', '✓')} All` : `${paint('red', '✗')} Not all`
  return `${verdict} of ${formatCount(captured)} captured records are accounted for: ${sum.join(', ')}`
}

/** Neighbouring runs of a source with which nothing is wrong, as one row: crash loops have thousands. */
function foldRuns(runs: readonly RunAccount[]): Row[] {
  const rows: Row[] = []
  let foldable = false
  for (const run of runs) {
    const last = rows.at(-1)
    const isFine = run.missing === 0 && run.faults.length === 0
    if (last && foldable && isFine && last.source === run.source) {
      const first = last.runs.split('–')[0]!
      rows[rows.length - 1] = { ...add(last, rowOf(run)), source: run.source, runs: `${first}–${run.run}` }
    } else rows.push(rowOf(run))
    foldable = isFine
  }
  return rows
}

const rowOf = ({ run, ...numbers }: RunAccount): Row => ({ ...numbers, runs: String(run) })

const nothing = { captured: 0, stored: 0, removed: 0, dropped: 0, gaps: 0, missing: 0 }

function add(a: Row, b: Row): Row {
  const sums = Object.keys(nothing).map((name) => {
    const key = name as keyof typeof nothing
    return [key, a[key] + b[key]]
  })
  return { ...a, ...(Object.fromEntries(sums) as typeof nothing) }
}
