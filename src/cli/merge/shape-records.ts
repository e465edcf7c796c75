// Lines as the tail reads them → records, formats found out and the clocks of lines read in their order.
import { z } from 'zod'
import { recordAt, type RecordBatch } from '../../contracts/batch.ts'
import type { LogRecord } from '../../contracts/record.ts'
import { shapeEntries } from '../../shape/shape-entries.ts'
import { shapeLines } from '../../shape/shape-lines.ts'
import { guessLevel } from '../../stages/guess-level.ts'
import { openParser } from '../../stages/parse.ts'
import type { TailChunk, TailGap } from '../../tail/tail-chunk.ts'
import { fileGap } from '../../text/gaps.ts'
import type { Calendar } from '../../time/calendar.ts'
import { openOrderedCalendar } from '../../time/ordered-calendar.ts'
import { mostEntryBytes } from './entry.ts'

export interface RecordShaper {
  /** A record for each line; its time is `observed` where the line says none. */
  lines(chunk: TailChunk, observed: number): LogRecord[]
  gap(gap: TailGap, time: number): LogRecord
}

export function openRecordShaper(source: string, calendar: Calendar): RecordShaper {
  const ordered = openOrderedCalendar(calendar)
  const stages = [openParser(ordered, mostEntryBytes), guessLevel.open(guessLevel.options(z).parse({}))]
  const origin = { source, run: 1, session: '', pid: 0, stream: 'log' as const, label: undefined }

  /** Stages change the places of lines. */
  function shape(chunk: TailChunk, from: number, to: number, observed: number): RecordBatch {
    const lines = { ...chunk, start: chunk.start.slice(from, to), end: chunk.end.slice(from, to) }
    return stages.reduce((batch, stage) => stage.apply(batch), shapeLines(lines, origin, observed, 1))
  }

  return {
    lines(chunk, observed) {
      const count = chunk.start.length
      const whole = shape(chunk, 0, count, observed)
      const records = Array.from({ length: count }, (_, row) => recordAt(whole, row))
      if (!records.some(({ time }) => ordered.isNearChange(time))) return records
      return records.map((_, row) => {
        const record = recordAt(shape(chunk, row, row + 1, observed), 0)
        if (record.time !== observed) ordered.passed(record.time)
        return record
      })
    },
    gap: (gap, time) => recordAt(shapeEntries([fileGap(gap)], origin, time, 1), 0),
  }
}
