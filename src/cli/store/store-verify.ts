// `logboom store verify`: every byte and every record, and what is wrong with them.
import { formatAmount, formatSize } from '../../text/amounts.ts'
import type { VerifyReport } from '../../contracts/verify-report.ts'
import { findStore } from './find-store.ts'
import { openProgressLine } from '../progress-line.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { createPaint, wantsColor } from '../terminal-style.ts'

export async function storeVerify(options: PlaceOptions & { json?: boolean }): Promise<void> {
  const report = await verifyWithProgress(options, true)
  const text = options.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report, wantsColor(process.stdout))
  process.stdout.write(text)
  if (report.problems.length + faultsOf(report).length > 0) process.exitCode = 1
}

export async function verifyWithProgress(place: PlaceOptions, thorough: boolean): Promise<VerifyReport> {
  const { type, options } = await findStore(place)
  const line = openProgressLine()
  try {
    return await type.verify(options, {
      thorough,
      progress: (done, total) => line.show(`Reading … ${Math.floor((done / total) * 100)} % of ${formatSize(total)}`),
    })
  } finally {
    line.clear()
  }
}

/** Faults in the accounts of runs. */
export function faultsOf({ runs }: VerifyReport): string[] {
  return runs.flatMap(({ source, run, faults }) => faults.map((fault) => `${source}, run ${run}: ${fault}`))
}

function formatReport(report: VerifyReport, color: boolean): string {
  const paint = createPaint(color)
  const { files, records, bytes } = report
  const read = `${formatAmount(files, 'file')}, ${formatAmount(records, 'record')}, ${formatSize(bytes)}`
  const faults = faultsOf(report)
  const lines = [...formatProblems(report, color), ...faults.map((fault) => `${paint('red', '✗')} ${fault}`)]
  if (lines.length === 0) return `${paint('green', '✓')} ${read}: all as it was written, nothing is missing\n`
  const hint = report.problems.length > 0 ? '; logboom store repair puts aside what cannot be read' : ''
  return `${lines.join('\n')}\n\n${read}: ${lines.length} ${lines.length === 1 ? 'thing is' : 'things are'} wrong${hint}\n`
}

/** A line each. */
export function formatProblems({ problems }: VerifyReport, color: boolean): string[] {
  const paint = createPaint(color)
  return problems.map(({ file, what }) => `${paint('red', '✗')} ${file === undefined ? '' : `${file}: `}${what}`)
}
