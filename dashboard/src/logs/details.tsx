// All there is to know of one record, beside the list.
import { Crosshair, X } from 'lucide-react'
import type { CSSProperties, ReactElement, ReactNode } from 'react'
import { formatJson } from '../../../src/client/index.ts'
import { severityName, type LogRecord } from '../../../src/contracts/record.ts'
import { stripAnsi } from '../../../src/text/ansi.ts'
import { useSourceHue } from '../hub/use-source-hue.ts'
import { formatFileTime } from '../../../src/time/clock.ts'
import { AnsiText } from '../ui/ansi-text.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { levelColor } from '../ui/level.ts'
import { FieldTree } from './field-tree.tsx'

interface DetailsProps {
  record: LogRecord
  /** Beside the list, or below it where there is no room. */
  place?: 'beside' | 'below'
  onClose(): void
  onContext(id: number): void
  /** Adds a term to the query. */
  onNarrow(term: string): void
}

const places = {
  beside: 'h-full w-full animate-slide-in border-l max-md:absolute max-md:inset-0 max-md:z-20 md:w-[420px]',
  below: 'h-[55%] animate-rise border-t max-md:absolute max-md:inset-0 max-md:z-20 max-md:h-full',
}

export function Details({ record, place = 'beside', onClose, onContext, onNarrow }: DetailsProps): ReactElement {
  const level = severityName(record.severity)
  const hueOf = useSourceHue()
  return (
    <aside
      aria-label="Details of the line"
      data-testid="details"
      data-id={record.id}
      className={`flex shrink-0 flex-col border-line bg-surface ${places[place]}`}
    >
      <header className="flex h-10 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
        <span className="text-xs font-semibold" style={{ color: levelColor(level) }}>
          {level}
        </span>
        <span
          className="source-hue truncate font-mono text-xs"
          style={{ '--hue': hueOf(record.source) } as CSSProperties}
        >
          {record.source}
        </span>
        <Button icon className="ml-auto" aria-label="Close details" onClick={onClose}>
          <X aria-hidden />
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <pre
          data-testid="details-message"
          className="max-h-[45vh] overflow-auto border-b border-line bg-sunken px-4 py-3 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere"
        >
          <AnsiText text={record.message} />
        </pre>
        <div className="flex flex-wrap gap-1.5 border-b border-line px-4 py-2.5">
          <Button look="outline" data-testid="show-in-context" onClick={() => onContext(record.id)}>
            <Crosshair aria-hidden />
            Show in context
          </Button>
          <CopyButton wide label="Copy line" text={() => formatLine(record)} />
          <CopyButton wide label="Copy as JSON" text={() => formatJson(record, 2)} />
        </div>
        {record.fields ? (
          <section className="border-b border-line px-4 py-3">
            <h3 className="mb-1.5 text-2xs font-medium text-faint">Fields</h3>
            <FieldTree value={record.fields} onNarrow={onNarrow} />
          </section>
        ) : null}
        <section className="px-4 py-3">
          <h3 className="mb-1.5 text-2xs font-medium text-faint">Record</h3>
          <dl className="grid grid-cols-[88px_minmax(0,1fr)] gap-y-1 text-xs">
            <Fact name="Time">{formatFileTime(record.time)}</Fact>
            {record.observed === record.time ? null : <Fact name="Captured">{formatFileTime(record.observed)}</Fact>}
            <Fact name="Stream">{record.stream}</Fact>
            <Fact name="Kind">{record.kind}</Fact>
            <Fact name="Severity">
              {record.severity} ({level})
            </Fact>
            {record.logger ? <Fact name="Logger">{record.logger}</Fact> : null}
            <Fact name="Run">
              {record.run}, line {record.seq}
            </Fact>
            <Fact name="Id">{record.id}</Fact>
            {record.traceId ? <Fact name="Trace">{record.traceId}</Fact> : null}
            {record.spanId ? <Fact name="Span">{record.spanId}</Fact> : null}
            <Fact name="Session">{record.session}</Fact>
          </dl>
        </section>
      </div>
    </aside>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="font-mono wrap-anywhere">{children}</dd>
    </>
  )
}

/** As it would stand in a text file. */
function formatLine(record: LogRecord): string {
  return `${formatFileTime(record.time)} ${severityName(record.severity)} ${record.source}: ${stripAnsi(record.message)}`
}
