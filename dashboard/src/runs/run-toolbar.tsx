// The head of a run's lines: streams with their counts, search, the way to the next error, and what can be done with the lines.
import { ArrowDown, ArrowUp, Download, Maximize, Minimize } from 'lucide-react'
import type { ReactElement, RefObject } from 'react'
import type { Stream } from '../../../src/contracts/record.ts'
import { formatCount } from '../../../src/text/amounts.ts'
import { ViewSearch } from '../logs/query/view-search.tsx'
import type { Lines } from '../logs/use-lines.ts'
import type { ListState } from '../logs/use-list-state.ts'
import { WrapButton } from '../logs/wrap-button.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import type { FullScreen } from './use-full-screen.ts'

interface RunToolbarProps {
  page: ListState
  lines: Lines
  /** By stream; undefined while they are counted. */
  counts: ReadonlyMap<string, number> | undefined
  input: RefObject<HTMLInputElement | null>
  downloadLink: RefObject<HTMLAnchorElement | null>
  downloadUrl: string
  fullScreen: FullScreen
  onFollow(): void
  onStderr(by: 1 | -1): void
}

export function RunToolbar(props: RunToolbarProps): ReactElement {
  const { page, lines, counts, input, downloadLink, downloadUrl, fullScreen, onFollow, onStderr } = props
  const { view, mode, change } = page
  return (
    <div className="flex shrink-0 flex-col gap-1 border-b border-line bg-surface px-3 py-2 sm:px-4">
      <div className="flex flex-wrap items-center gap-1.5">
        <StreamSteps stream={view.stream} counts={counts} onChange={(stream) => change({ stream })} />
        <span className="flex items-center">
          <Tooltip text="Previous line on stderr" keys="E">
            <Button icon aria-label="Previous line on stderr" onClick={() => onStderr(-1)}>
              <ArrowUp aria-hidden />
            </Button>
          </Tooltip>
          <Tooltip text="Next line on stderr" keys="e">
            <Button icon aria-label="Next line on stderr" onClick={() => onStderr(1)}>
              <ArrowDown aria-hidden />
            </Button>
          </Tooltip>
          <span className="text-2xs text-soft max-md:hidden">stderr</span>
        </span>
        <ViewSearch
          page={page}
          lines={lines}
          input={input}
          label="Find in this run"
          testId="run-search"
          className="w-28 grow sm:w-40 sm:max-w-72"
        />
        <span className="ml-auto flex items-center gap-0.5">
          <Tooltip text={mode === 'follow' ? 'Stay here' : 'Go to the newest line, and follow'} keys="f">
            <Button
              look={mode === 'follow' ? 'outline' : 'plain'}
              aria-pressed={mode === 'follow'}
              data-testid="follow-button"
              onClick={onFollow}
            >
              <ArrowDown aria-hidden />
              {mode === 'follow' ? 'Following' : 'Follow'}
            </Button>
          </Tooltip>
          <WrapButton wrap={view.wrap} onChange={(wrap) => change({ wrap })} />
          <Tooltip text="Download these lines as text" keys="d">
            <a
              ref={downloadLink}
              href={downloadUrl}
              download
              data-testid="run-download"
              aria-label="Download as text"
              className={buttonClass({})}
            >
              <Download aria-hidden />
              <span className="max-md:hidden">Download</span>
            </a>
          </Tooltip>
          <Tooltip text={fullScreen.isOn ? 'Leave the full screen' : 'Full screen'} keys="F">
            <Button
              aria-pressed={fullScreen.isOn}
              aria-label="Full screen"
              data-testid="full-screen"
              onClick={fullScreen.toggle}
            >
              {fullScreen.isOn ? <Minimize aria-hidden /> : <Maximize aria-hidden />}
              <span className="max-md:hidden">{fullScreen.isOn ? 'Leave full screen' : 'Full screen'}</span>
            </Button>
          </Tooltip>
        </span>
      </div>
    </div>
  )
}

interface StreamStepsProps {
  stream: Stream | undefined
  counts: ReadonlyMap<string, number> | undefined
  onChange(stream: Stream | undefined): void
}

const choices: readonly [stream: Stream | undefined, title: string, dot: string][] = [
  [undefined, 'All', ''],
  ['stdout', 'stdout', 'bg-good'],
  ['stderr', 'stderr', 'bg-bad'],
  ['log', 'log', 'bg-line-strong'],
]

/** Lines of a logger are named where there are some. */
function StreamSteps({ stream, counts, onChange }: StreamStepsProps): ReactElement {
  const sum = [...(counts?.values() ?? [])].reduce((all, count) => all + count, 0)
  const shown = choices.filter(([each]) => each !== 'log' || stream === 'log' || counts?.has('log'))
  return (
    <div
      role="radiogroup"
      aria-label="Stream"
      className="flex h-7 shrink-0 overflow-hidden rounded-md border border-line"
    >
      {shown.map(([each, title, dot]) => (
        <button
          key={title}
          type="button"
          role="radio"
          aria-checked={each === stream}
          data-testid={`stream-${title.toLowerCase()}`}
          data-count={counts && (each === undefined ? sum : (counts.get(each) ?? 0))}
          onClick={() => onChange(each)}
          className={classNames(
            'flex items-center gap-1.5 border-r border-line px-2 text-xs last:border-r-0 hover:bg-hover focus-visible:-outline-offset-2',
            each === stream ? 'bg-active font-medium text-text' : 'text-soft',
          )}
        >
          {dot === '' ? null : <span className={`size-1.5 rounded-full ${dot}`} aria-hidden />}
          {title}
          <span className="tabular-nums">
            {counts ? formatCount(each === undefined ? sum : (counts.get(each) ?? 0)) : ''}
          </span>
        </button>
      ))}
    </div>
  )
}
