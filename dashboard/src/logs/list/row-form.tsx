// The ways in which pages show lines: what stands before the message, on which ground, and where the fields go. `LogRow` draws
// them all; the plain form is that of the Logs page.
import type { CSSProperties, ReactElement } from 'react'
import type { UnkeptRecord } from '../../../../src/client/index.ts'
import { severityName, type LogRecord } from '../../../../src/contracts/record.ts'
import { formatClock, formatFileTime } from '../../../../src/time/clock.ts'
import { levelColor, shortLevel } from '../../ui/level.ts'

export type ShownRecord = LogRecord | UnkeptRecord

/** One object for each page, so that rows are redrawn when they show another record alone. */
export interface RowForm {
  /** Pixels of a row that is not wrapped; on a phone it takes more lines. */
  height: { wide: number; narrow: number }
  /** The height as classes. */
  heightClass: string
  /** Classes of the ground and the edge, by what the record says. */
  tone(record: ShownRecord): string
  /** Cells before the message. */
  Lead(props: { record: ShownRecord; hue: number }): ReactElement
  /** Fields beside the message; absent: all of them. */
  fields?(record: ShownRecord): Record<string, unknown> | undefined
  /** True where fields have a line of their own below the message. */
  isTall?: true
}

/** The ground of lines that are worse than information. */
export function severityTone({ kind, severity }: ShownRecord): string {
  if (kind === 'gap') return 'bg-warn/10 shadow-[inset_2px_0_var(--warn)]'
  return severity >= 17 ? 'bg-bad/7 hover:bg-bad/12' : severity >= 13 ? 'bg-warn/6 hover:bg-warn/11' : 'hover:bg-hover'
}

export function TimeCell({ time }: { time: number }): ReactElement {
  return (
    <time role="gridcell" className="shrink-0 text-faint" title={formatFileTime(time)}>
      {formatClock(time)}
      <span className="max-sm:hidden">.{String(Math.floor(time) % 1000).padStart(3, '0')}</span>
    </time>
  )
}

export function LevelCell({ severity }: { severity: number }): ReactElement {
  return (
    <span
      role="gridcell"
      className="w-[5ch] shrink-0 font-medium"
      style={{ color: levelColor(severityName(severity)) }}
    >
      {shortLevel(severity)}
    </span>
  )
}

interface NameCellProps {
  name: string
  /** Of the source, in degrees. */
  hue: number
  title?: string
}

export function NameCell({ name, hue, title = name }: NameCellProps): ReactElement {
  return (
    <span
      role="gridcell"
      className="source-hue shrink-0 truncate max-sm:max-w-[50%] sm:w-[16ch]"
      style={{ '--hue': hue } as CSSProperties}
      title={title}
    >
      {name}
    </span>
  )
}

export const plainRow: RowForm = {
  height: { wide: 20, narrow: 40 },
  heightClass: 'h-10 sm:h-5',
  tone: (record) =>
    record.kind === 'event' ? `shadow-[inset_2px_0_var(--accent)] ${severityTone(record)}` : severityTone(record),
  Lead: ({ record, hue }) => (
    <>
      <TimeCell time={record.time} />
      <LevelCell severity={record.severity} />
      <NameCell name={record.source} hue={hue} />
    </>
  ),
}
