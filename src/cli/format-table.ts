// Tables of names and numbers for the console.
import { createPaint, styles } from './terminal-style.ts'

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
  return [paint(styles.dim, format(titles)), ...cells.map(format)]
}

/** 1234567 → `1,234,567`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 file`, `1,234 files` */
export function formatAmount(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`
}
