// Rows of figures as a plain table.
import { formatCount } from '../src/text/amounts.ts'

export function printTable(title: string, rows: Record<string, string | number>[]): void {
  const columns = Object.keys(rows[0] ?? {})
  const cell = (value: string | number | undefined): string =>
    typeof value === 'number' ? (Number.isInteger(value) ? formatCount(value) : value.toFixed(2)) : (value ?? '')
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => cell(row[column]).length)))
  const isText = columns.map((column) => rows.every((row) => typeof row[column] !== 'number'))
  const line = (cells: string[]): string =>
    cells.map((text, i) => (isText[i] ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join('  ')
  console.log(`\n${title}\n`)
  console.log(line(columns))
  console.log(widths.map((width) => '-'.repeat(width)).join('  '))
  for (const row of rows) console.log(line(columns.map((column) => cell(row[column]))))
}
