// One line of the log: what its form puts first, then message and fields. Redrawn only when it shows another record.
import { memo, type ReactElement } from 'react'
import { AnsiText } from '../../ui/ansi-text.tsx'
import { NotKept } from '../../ui/not-kept.tsx'
import { classNames } from '../../ui/class-names.ts'
import { briefFields, briefMessage } from './brief.ts'
import type { RowForm, ShownRecord } from './row-form.tsx'

export interface LogRowProps {
  record: ShownRecord
  form: RowForm
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
  const { record, form, place, hue, selected, highlighted, wrap, mark, onSelect } = props
  const { Lead, isTall = false } = form
  const isKept = 'id' in record
  return (
    <div
      role="row"
      aria-selected={selected}
      aria-rowindex={place + 1}
      data-testid={isKept ? 'log-row' : 'unkept-row'}
      data-id={isKept ? record.id : undefined}
      data-kind={record.kind}
      data-stream={record.stream}
      onClick={() => {
        // A click that ends the marking of text opens nothing; a line that is not kept has nothing to open.
        if (isKept && !getSelection()?.toString()) onSelect(place)
      }}
      className={classNames(
        'flex gap-2 px-3 max-sm:flex-wrap max-sm:gap-y-0 max-sm:py-0.5 max-sm:leading-[18px] sm:gap-3 sm:px-4',
        isTall && 'border-b border-line leading-[18px] sm:py-[3px]',
        wrap ? 'min-h-5' : `overflow-hidden ${form.heightClass}`,
        !isKept
          ? 'not-kept'
          : selected
            ? 'bg-accent-soft shadow-[inset_3px_0_var(--accent)]'
            : highlighted
              ? 'bg-mark/40'
              : form.tone(record),
      )}
    >
      <Lead record={record} hue={hue} />
      <Message record={record} form={form} wrap={wrap} mark={mark} />
    </div>
  )
})

function Message({ record, form, wrap, mark }: Pick<LogRowProps, 'record' | 'form' | 'wrap' | 'mark'>): ReactElement {
  const { isTall = false } = form
  const { text, hiddenLines } = briefMessage(record.message, wrap)
  // An event's message says what its fields say; who searches may have found it by them.
  const isTold = mark || (record.kind !== 'event' && record.kind !== 'gap')
  const given = form.fields ? form.fields(record) : record.fields
  const fields = isTold && given ? briefFields(given, wrap ? 2000 : undefined) : ''
  const flow = wrap ? 'whitespace-pre-wrap wrap-anywhere' : 'overflow-hidden text-ellipsis whitespace-pre'
  return (
    <span
      role="gridcell"
      data-testid="log-message"
      className={classNames(
        'min-w-0 flex-1 max-sm:basis-full',
        !isTall && flow,
        record.kind === 'event' && 'text-soft',
        record.kind === 'gap' && 'text-warn',
      )}
    >
      <span className={isTall ? `block ${flow}` : undefined}>
        {'id' in record ? null : <NotKept />}
        <AnsiText text={text} mark={mark} />
        {hiddenLines > 0 ? (
          <span className="ml-2 rounded bg-active px-1 font-sans text-2xs text-soft">+{hiddenLines} lines</span>
        ) : null}
      </span>
      {fields === '' ? null : (
        <span className={isTall ? `block text-soft ${flow}` : 'text-faint'} data-testid="log-fields">
          {isTall ? fields : `  ${fields}`}
        </span>
      )}
    </span>
  )
}
