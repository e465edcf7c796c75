// `logboom jobs`, `logboom runs` and `logboom sessions`: what has run, as tables.
import { findHub } from '../hub/find-hub.ts'
import { formatTable } from '../format-table.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { createPaint, wantsColor } from '../terminal-style.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { formatFileTime } from '../../time/clock.ts'
import { formatElapsed } from '../../time/duration.ts'
import type { CountedRunView, RunListParameters, SessionView } from '../../wire/run-view.ts'

export interface ListOptions extends PlaceOptions, RunListParameters {
  utc?: boolean
  json?: boolean
}

export async function listJobs(options: ListOptions): Promise<void> {
  const { runs, past } = await (await findHub(options)).client.jobs(parametersOf(options))
  if (options.json) return printJson(runs)
  const rows = runs.map((run) => [escapeTerminal(run.job?.jobId ?? 'by schedule'), ...cellsOf(run, options)])
  print(['JOB', ...titles], rows, 'no job', past)
}

export async function listRuns(options: ListOptions): Promise<void> {
  const { runs, past } = await (await findHub(options)).client.runs(parametersOf(options))
  if (options.json) return printJson(runs)
  print(
    titles,
    runs.map((run) => cellsOf(run, options)),
    'no run',
    past,
  )
}

export async function listSessions(options: ListOptions): Promise<void> {
  const { sessions, past } = await (await findHub(options)).client.sessions(parametersOf(options))
  if (options.json) return printJson(sessions)
  const rows = sessions.map((session) => [session.id, ...timeCells(session, options)])
  print(['SESSION', 'STATUS', 'STARTED', 'DURATION'], rows, 'no session', past)
}

function parametersOf({ source, status, session, owner, limit }: ListOptions): RunListParameters {
  return { source, status, session, owner, limit }
}

function printJson(list: unknown[]): void {
  process.stdout.write(`${JSON.stringify(list, null, 2)}\n`)
}

const titles = ['SOURCE', 'RUN', 'STATUS', 'STARTED', 'DURATION', 'CODE', 'LINES', 'WARNINGS', 'ERRORS']

function cellsOf(run: CountedRunView, options: ListOptions): (string | number)[] {
  const { source, exitCode, signal, levels } = run
  const { WARNING = 0, ERROR = 0, CRITICAL = 0 } = levels
  const all = Object.values(levels).reduce((sum, count) => sum + count, 0)
  const code = signal ?? (exitCode === undefined ? '-' : `${exitCode}`)
  return [escapeTerminal(source), run.run, ...timeCells(run, options), code, all, WARNING, ERROR + CRITICAL]
}

function timeCells(
  {
    status,
    startedAt,
    durationMs,
    endedAt,
  }: Pick<CountedRunView, 'status' | 'startedAt' | 'durationMs' | 'endedAt'> & Partial<Pick<SessionView, 'endedAt'>>,
  { utc = false }: ListOptions,
): string[] {
  const isOver = endedAt !== undefined || status === 'KILLED'
  const lasted = durationMs ?? (isOver ? undefined : Date.now() - startedAt)
  const started = formatFileTime(startedAt, utc).slice(0, 19)
  return [escapeTerminal(status.toLowerCase()), started, lasted === undefined ? '-' : formatElapsed(lasted)]
}

function print(heads: string[], rows: (string | number)[][], nothing: string, past: string | undefined): void {
  const color = wantsColor(process.stdout)
  const lines = rows.length > 0 ? formatTable(heads, rows, color) : [`(${nothing})`]
  if (past !== undefined) lines.push(createPaint(color)('dim', '… and older ones: --limit shows more'))
  process.stdout.write(`${lines.join('\n')}\n`)
}
