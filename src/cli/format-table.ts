// Tables of names and numbers for the console.
import { formatCount } from '../text/amounts.ts'
import { createPaint } from './terminal-style.ts'

/** Cells under their titles, as wide as they must be: numbers to the right, text to the left. */
export function formatTable(titles: string[], rows: (string | number)[][], color: boolean): string[] {
  const paint = createPaint(color)
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? formatCount(cell) : cell)))
  const widths = titles.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]!.length)))
  const isNumber = titles.map((_, column) => rows.some((row) => typeof row[column] === 'number'))
  const format = (row: string[]): string =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  return [paint('dim', format(titles)), ...cells.map(format)]
}
