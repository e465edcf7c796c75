// One line of the log: time, level, source, message, fields. Redrawn only when it shows another record.
import { memo, type CSSProperties, type ReactElement } from 'react'
import type { UnkeptRecord } from '../../../src/client/index.ts'
import { severityName, type LogRecord } from '../../../src/contracts/record.ts'
import { formatClock, formatFileTime } from '../../../src/time/clock.ts'
import { AnsiText } from '../ui/ansi-text.tsx'
import { NotKept } from '../ui/not-kept.tsx'
import { classNames } from '../ui/class-names.ts'
import { levelColor, shortLevel } from '../ui/level.ts'
import { briefFields, briefMessage } from './brief.ts'

export interface LogRowProps {
  record: LogRecord | UnkeptRecord
  place: number
  /** Of its source. */
  hue: number
  selected: boolean
  highlighted: boolean
  wrap: boolean
  mark: RegExp | undefined
  onSelect(place: number): void
}

export const LogRow = memo(function LogRow(props: LogRowProps): ReactElement {
  const { record, place, hue, selected, highlighted, wrap, mark, onSelect } = props
  const isKept = 'id' in record
  const level = severityName(record.severity)
  const { text, hiddenLines } = briefMessage(record.message, wrap)
  // An event's message says what its fields say; who searches may have found it by them.
  const told = mark || (record.kind !== 'event' && record.kind !== 'gap')
  const fields = told && record.fields ? briefFields(record.fields, wrap ? 2000 : undefined) : ''
  return (
    <div
      role="row"
      aria-selected={selected}
      aria-rowindex={place + 1}
      data-testid={isKept ? 'log-row' : 'unkept-row'}
      data-id={isKept ? record.id : undefined}
      data-kind={record.kind}
      onClick={() => {
        // A click that ends the marking of text opens nothing; a line that is not kept has nothing to open.
        if (isKept && !getSelection()?.toString()) onSelect(place)
      }}
      className={classNames(
        'flex gap-2 px-3 max-sm:flex-wrap max-sm:gap-y-0 max-sm:py-0.5 max-sm:leading-[18px] sm:gap-3 sm:px-4',
        isKept && record.kind === 'event' && !selected && 'shadow-[inset_2px_0_var(--accent)]',
        wrap ? 'min-h-5' : 'h-10 overflow-hidden sm:h-5',
        !isKept
          ? 'not-kept'
          : selected
            ? 'bg-accent-soft shadow-[inset_3px_0_var(--accent)]'
            : highlighted
              ? 'bg-mark/40'
              : record.kind === 'gap'
                ? 'bg-warn/10 shadow-[inset_2px_0_var(--warn)]'
                : record.severity >= 17
                  ? 'bg-bad/7 hover:bg-bad/12'
                  : record.severity >= 13
                    ? 'bg-warn/6 hover:bg-warn/11'
                    : 'hover:bg-hover',
      )}
    >
      <time role="gridcell" className="shrink-0 text-faint" title={formatFileTime(record.time)}>
        {formatClock(record.time)}
        <span className="max-sm:hidden">.{String(Math.floor(record.time) % 1000).padStart(3, '0')}</span>
      </time>
      <span role="gridcell" className="w-[5ch] shrink-0 font-medium" style={{ color: levelColor(level) }}>
        {shortLevel(record.severity)}
      </span>
      <span
        role="gridcell"
        className="source-hue shrink-0 truncate max-sm:max-w-[50%] sm:w-[16ch]"
        style={{ '--hue': hue } as CSSProperties}
        title={record.source}
      >
        {record.source}
      </span>
      <span
        role="gridcell"
        data-testid="log-message"
        className={classNames(
          'min-w-0 flex-1 max-sm:basis-full',
          wrap ? 'whitespace-pre-wrap wrap-anywhere' : 'overflow-hidden text-ellipsis whitespace-pre',
          record.kind === 'event' && 'text-soft',
          record.kind === 'gap' && 'text-warn',
        )}
      >
        {isKept ? null : <NotKept />}
        <AnsiText text={text} mark={mark} />
        {hiddenLines > 0 ? (
          <span className="ml-2 rounded bg-active px-1 font-sans text-2xs text-soft">+{hiddenLines} lines</span>
        ) : null}
        {fields === '' ? null : <span className="text-faint">{`  ${fields}`}</span>}
      </span>
    </div>
  )
})
