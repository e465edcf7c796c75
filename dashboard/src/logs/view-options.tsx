// The smaller choices of the Logs page: stream, how far back, order, wrapping.
import type { ReactElement } from 'react'
import type { Stream } from '../../../src/contracts/record.ts'
import { Choice } from '../ui/fields/choice.tsx'
import type { LogView } from './view.ts'
import { OrderButton } from './order-button.tsx'
import { WrapButton } from './wrap-button.tsx'

const spans: [value: string, text: string][] = [
  ['5m', 'Last 5 minutes'],
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['6h', 'Last 6 hours'],
  ['1d', 'Last day'],
  ['7d', 'Last week'],
]

export function ViewOptions({
  view,
  onChange,
}: {
  view: LogView
  onChange(change: Partial<LogView>): void
}): ReactElement {
  const since = view.since ?? ''
  return (
    <>
      <Choice
        label="Stream"
        testId="stream-filter"
        value={view.stream ?? ''}
        choices={[
          ['', 'All streams'],
          ['stdout', 'stdout'],
          ['stderr', 'stderr'],
          ['log', 'Structured'],
        ]}
        onChange={(value) => onChange({ stream: (value || undefined) as Stream | undefined })}
      />
      <Choice
        label="Since"
        testId="since-filter"
        value={since}
        choices={[
          ['', 'Any time'],
          ...spans,
          ...(since === '' || spans.some(([value]) => value === since)
            ? []
            : [[since, `Since ${since}`] as [string, string]]),
        ]}
        onChange={(value) => onChange({ since: value || undefined })}
      />
      <OrderButton isByTime={view.isByTime === true} onChange={(isByTime) => onChange({ isByTime })} />
      <WrapButton wrap={view.wrap} onChange={(wrap) => onChange({ wrap })} />
    </>
  )
}
