// `logboom ps`: what runs, as a table, on request with all processes of each.
import { formatShare, formatSize } from '../../text/amounts.ts'
import { formatDuration } from '../../time/duration.ts'
import { findHub } from './find-hub.ts'
import { formatTree } from './process-tree.ts'
import type { PlaceOptions } from '../command-parts.ts'
import type { ProcessView, SourceState } from '../../contracts/source-status.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import type { HubInfo, SourceView } from '../../wire/hub-view.ts'
import { createPaint, wantsColor, type Paint, type Style } from '../terminal-style.ts'

export async function ps(options: PlaceOptions & { json?: boolean; tree?: boolean }): Promise<void> {
  const { client, info } = await findHub(options)
  const sources = await client.sources()
  const trees = new Map<string, ProcessView[]>()
  if (options.tree) await Promise.all(sources.map(async ({ name }) => trees.set(name, await client.processes(name))))
  if (options.json) {
    const told = sources.map((source) => ({ ...source, processes: trees.get(source.name) }))
    process.stdout.write(`${JSON.stringify({ hub: info, sources: told }, null, 2)}\n`)
    return
  }
  const style = { color: wantsColor(process.stdout), columns: process.stdout.columns }
  const treeOf = ({ name, run }: SourceView) => formatTree(trees.get(name) ?? [], run, style)
  process.stdout.write(formatStatus(info, sources, { color: style.color, treeOf }))
}

export interface StatusStyle {
  color: boolean
  now?: number
  /** Lines below that of a source. */
  treeOf?: (source: SourceView) => string[]
}

/** Address, sources and trouble, as lines. */
export function formatStatus(
  hub: HubInfo,
  sources: readonly SourceView[],
  { color, now = Date.now(), treeOf }: StatusStyle,
): string {
  const paint = createPaint(color)
  const lines = [
    `${paint('bold', 'Dashboard')}  ${hub.url}   ${hub.pid === undefined ? '' : `hub ${hub.pid}, `}up ${formatDuration(now - hub.startedAt)}`,
    '',
  ]
  const head = ['NAME', 'STATE', 'PID', 'UPTIME', 'RESTARTS', 'CPU', 'MEMORY', 'LOG']
  const rows = sources.map((source) => cells(source, now))
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const format = (row: string[], style: (text: string, column: number) => string): string =>
    row
      .map((cell, column) => style(column === row.length - 1 ? cell : cell.padEnd(widths[column]!), column))
      .join('  ')
      .trimEnd()
  lines.push(format(head, (text) => paint('dim', text)))
  sources.forEach((source, index) => {
    lines.push(format(rows[index]!, (text, column) => (column === 1 ? paintState(paint, source.state, text) : text)))
    const when = formatSchedule(source, now)
    if (when) lines.push(paint('dim', `  ${when}`))
    const why = formatWhy(source, now)
    if (why) lines.push(paint('dim', `  ${escapeTerminal(why)}`))
    lines.push(...(treeOf?.(source) ?? []))
  })
  if (sources.length === 0) lines.push('(no sources)')
  for (const trouble of hub.trouble) lines.push(paint('yellow', `⚠ ${escapeTerminal(trouble)}`))
  return `${lines.join('\n')}\n`
}

function cells(source: SourceView, now: number): string[] {
  const isSomebody = source.pid !== undefined || source.type === 'docker'
  const alive = isSomebody && source.state !== 'stopped' && source.startedAt !== undefined
  return [
    escapeTerminal(source.name),
    stateWords(source),
    source.pid === undefined ? '-' : String(source.pid),
    alive ? formatDuration(now - source.startedAt!) : '-',
    String(source.restarts),
    source.cpu === undefined ? '-' : formatShare(source.cpu),
    source.memoryBytes === undefined ? '-' : formatSize(source.memoryBytes),
    source.logFile ?? (source.logObstacle === undefined ? '-' : 'no file, see below'),
  ]
}

/** `0 3 * * *: next in 4h 12m, 2 skipped` */
function formatSchedule({ schedule }: SourceView, now: number): string | undefined {
  if (!schedule) return undefined
  const { text, nextAt, skipped } = schedule
  const next = nextAt === undefined ? 'stopped' : `next in ${formatDuration(nextAt - now + 999)}`
  return [`${text}: ${next}`, skipped > 0 && `${skipped} skipped`].filter(Boolean).join(', ')
}

/** `exit code 7; starts again in 22s` */
function formatWhy({ detail, restartAt }: SourceView, now: number): string {
  const again = restartAt !== undefined && restartAt > now && `starts again in ${formatDuration(restartAt - now + 999)}`
  return [detail, again].filter(Boolean).join('; ')
}

function stateWords({ state, exit, schedule }: SourceView): string {
  if (state === 'stopped' && schedule?.nextAt !== undefined) return 'scheduled'
  if (state !== 'exited' && state !== 'crashed') return state
  if (!exit?.known) return state
  return exit.signal ? `${state} (${exit.signal})` : `${state} (${exit.code})`
}

function paintState(paint: Paint, state: SourceState, text: string): string {
  const style: Partial<Record<SourceState, Style>> = {
    running: 'green',
    ready: 'green',
    crashed: 'red',
    'crash-looping': 'red',
    restarting: 'yellow',
    starting: 'yellow',
    stopping: 'yellow',
  }
  return paint(style[state] ?? 'dim', text)
}
