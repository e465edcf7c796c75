// Tables of reference data.

/** RFC 4180, which is more than splitting at commas: messages contain quotes and commas. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (plain === '' && end === '' && row.length === 0) break
    row.push(quoted?.replaceAll('""', '"') ?? plain!)
    if (end !== ',') {
      rows.push(row)
      row = []
    }
  }
  return rows
}
