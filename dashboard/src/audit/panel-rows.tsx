// Rows of the Audit page: system lines with their module, audit lines with what was done, and its metadata below.
import type { ReactElement } from 'react'
import { LevelCell, NameCell, plainRow, TimeCell, type RowForm, type ShownRecord } from '../logs/list/row-form.tsx'
import { briefMetadataOf, lookOf } from './action.ts'

export const systemRow: RowForm = {
  ...plainRow,
  Lead: ({ record, hue }) => (
    <>
      <TimeCell time={record.time} />
      <LevelCell severity={record.severity} />
      <NameCell
        name={record.logger ?? record.source}
        hue={hue}
        title={record.logger ? `${record.logger}, of ${record.source}` : record.source}
      />
    </>
  ),
}

export const auditRow: RowForm = {
  height: { wide: 43, narrow: 60 },
  heightClass: 'h-15 sm:h-[43px]',
  isTall: true,
  fields: briefMetadataOf,
  tone: (record) =>
    ({ bad: 'bg-bad/7 hover:bg-bad/12', warn: 'bg-warn/6 hover:bg-warn/11', none: 'hover:bg-hover' })[
      lookOf(record).tone ?? 'none'
    ],
  Lead: ({ record }) => (
    <>
      <TimeCell time={record.time} />
      <Action record={record} />
    </>
  ),
}

const tones = { bad: 'text-bad', warn: 'text-warn', none: 'text-text' }

function Action({ record }: { record: ShownRecord }): ReactElement {
  const { name, icon: Icon, tone = 'none' } = lookOf(record)
  return (
    <span
      role="gridcell"
      data-testid="audit-action"
      title={record.logger ?? record.source}
      className={`flex h-[18px] min-w-0 items-center gap-1.5 font-medium sm:w-[24ch] sm:shrink-0 ${tones[tone]}`}
    >
      <Icon className={`size-3.5 shrink-0 ${tone === 'none' ? 'text-soft' : ''}`} aria-hidden />
      <span className="truncate">{name}</span>
    </span>
  )
}
