// The processes of a source as a tree, for `logboom ps --tree`.
import type { ProcessView } from '../../contracts/source-status.ts'
import { formatShare, formatSize } from '../../text/amounts.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { createPaint } from '../terminal-style.ts'

export interface TreeStyle {
  color: boolean
  /** Longer lines are cut. */
  columns?: number | undefined
}

/** Numbers in columns, commands as a tree. `run` is the present one: others are named. */
export function formatTree(
  processes: readonly ProcessView[],
  run: number,
  { color, columns = Infinity }: TreeStyle,
): string[] {
  const paint = createPaint(color)
  const pids = new Set(processes.map(({ pid }) => pid))
  const children = Map.groupBy(processes, ({ parent }) => (pids.has(parent) ? parent : 0))
  const rows: { view: ProcessView; branch: string }[] = []
  const add = (parent: number, stem: string) => {
    const level = children.get(parent) ?? []
    level.forEach((view, index) => {
      const isLast = index === level.length - 1
      rows.push({ view, branch: parent === 0 ? '' : `${stem}${isLast ? '└─ ' : '├─ '}` })
      add(view.pid, parent === 0 ? '' : `${stem}${isLast ? '   ' : '│  '}`)
    })
  }
  add(0, '')

  const cells = rows.map(({ view: { pid, cpu, memoryBytes } }) => [
    String(pid),
    formatShare(cpu),
    formatSize(memoryBytes),
  ])
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((row) => row[column]!.length)))
  return rows.map(({ view, branch }, index) => {
    const numbers = cells[index]!.map((cell, column) => cell.padStart(widths[column]!)).join('  ')
    const marks = [view.escaped ? 'escaped' : '', view.run === run ? '' : `of run ${view.run}`].filter(
      (mark) => mark !== '',
    )
    const mark = marks.length > 0 ? `(${marks.join(', ')}) ` : ''
    const room = Math.max(10, columns - `  ${numbers}  ${branch}${mark}`.length)
    const command = escapeTerminal(view.command.replaceAll(/\s+/g, ' '))
    const shown = command.length > room ? `${command.slice(0, room - 1)}…` : command
    return `  ${paint('dim', numbers)}  ${paint('dim', branch)}${paint('yellow', mark)}${shown}`
  })
}
