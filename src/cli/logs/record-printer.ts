// Prints records to standard output, as lines for people or JSON for machines, no faster than they are read there.
import { once } from 'node:events'
import { formatJson } from '../../json/format-json.ts'
import type { LogRecord } from '../../contracts/record.ts'
import type { UnkeptRecord } from '../../wire/follow-frame.ts'
import { formatRecordLine } from './console-line.ts'
import { wantsColor } from '../terminal-style.ts'

export interface PrinterOptions {
  json?: boolean
  utc?: boolean
  /** False: never colours. Otherwise as the terminal wants. */
  color?: boolean
  /** The id of each record in front of it. */
  ids?: boolean
  /** The one with this id is marked. */
  mark?: number
}

/** Lines that are not kept yet are marked; as JSON they are left out, and come when they have ids. */
export type PrintRecords = (records: readonly (LogRecord | UnkeptRecord)[]) => Promise<void>

const narrowest = 8
const widest = 24

export function createRecordPrinter({ json, utc, color = true, ids, mark }: PrinterOptions): PrintRecords {
  const colored = color && wantsColor(process.stdout)
  // Files and pipes get the whole time: what is read later should say on which day it was.
  const date = !process.stdout.isTTY
  let sourceWidth = narrowest
  const prefixOf = (id: number | undefined): string =>
    (mark === undefined ? '' : id === mark ? '> ' : '  ') + (ids ? `${String(id ?? '-').padStart(narrowest)} ` : '')
  return async (records) => {
    let text = ''
    for (const record of records) {
      const isKept = 'id' in record
      if (json && !isKept) continue
      sourceWidth = Math.min(widest, Math.max(sourceWidth, record.source.length))
      const line = json
        ? formatJson(record)
        : prefixOf(isKept ? record.id : undefined) +
          formatRecordLine(record, { color: colored, utc: utc ?? false, date, sourceWidth, isKept })
      text += line + '\n'
      if (text.length > 65_536) {
        await write(text)
        text = ''
      }
    }
    await write(text)
  }
}

async function write(text: string): Promise<void> {
  if (text && !process.stdout.write(text)) await once(process.stdout, 'drain')
}
