// Rows of the job view: the line's number, its time, and the stream that it came on, as a word and an edge beside its colour.
import type { ReactElement } from 'react'
import { severityTone, TimeCell, type RowForm, type ShownRecord } from '../logs/list/row-form.tsx'

interface StreamLook {
  word: string
  color: string
  tone: string
}

const looks: Record<'stdout' | 'stderr' | 'log' | 'event' | 'gap', StreamLook> = {
  stdout: { word: 'out', color: 'text-good', tone: 'stdout-edge hover:bg-hover' },
  stderr: { word: 'err', color: 'text-bad', tone: 'bg-bad/7 shadow-[inset_3px_0_var(--bad)] hover:bg-bad/12' },
  log: { word: 'log', color: 'text-soft', tone: 'shadow-[inset_3px_0_var(--line-strong)]' },
  event: { word: '', color: '', tone: 'shadow-[inset_3px_0_var(--accent)] hover:bg-hover' },
  gap: { word: 'gap', color: 'text-warn', tone: 'bg-warn/10 shadow-[inset_3px_0_var(--warn)]' },
}

function lookOf({ kind, stream }: ShownRecord): StreamLook {
  return looks[kind === 'event' || kind === 'gap' ? kind : stream]
}

export const streamRow: RowForm = {
  height: { wide: 20, narrow: 40 },
  heightClass: 'h-10 sm:h-5',
  fields({ fields }) {
    if (fields?.['sequence'] === undefined) return fields
    const { sequence: _, ...others } = fields
    return others
  },
  tone(record) {
    const { tone } = lookOf(record)
    return record.stream === 'log' && record.kind !== 'event' ? `${tone} ${severityTone(record)}` : tone
  },
  Lead: ({ record }) => (
    <>
      <Sequence record={record} />
      <TimeCell time={record.time} />
      <Word record={record} />
    </>
  ),
}

/** The orchestrator's own number where there is one, else that of the capture. */
function Sequence({ record }: { record: ShownRecord }): ReactElement {
  const isNumbered = record.kind !== 'event' && record.kind !== 'gap'
  return (
    <span
      role="gridcell"
      className={`w-[6ch] shrink-0 text-right text-faint max-sm:w-auto ${isNumbered ? '' : 'max-sm:hidden'}`}
      data-testid="line-number"
    >
      {isNumbered ? String(record.fields?.['sequence'] ?? record.seq) : ''}
    </span>
  )
}

function Word({ record }: { record: ShownRecord }): ReactElement {
  const { word, color } = lookOf(record)
  return (
    <span role="gridcell" className={`w-[3ch] shrink-0 ${color}`} data-testid="line-stream">
      {word}
    </span>
  )
}
