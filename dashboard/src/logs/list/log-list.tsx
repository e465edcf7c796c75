// The virtual list of the log. Rows have one height, so that nothing is measured; only wrapped lines are. DOM nodes are
// kept and refilled as lines pass, which is what lets 20,000 lines/s go by.
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useImperativeHandle, useRef, type ReactElement, type Ref } from 'react'
import { useSourceHue } from '../../hub/use-source-hue.ts'
import { useNarrow } from '../../ui/use-media.ts'
import { GapRow } from './gap-row.tsx'
import type { FeedMode } from '../feed/feed-state.ts'
import type { FeedSnapshot, LogFeed } from '../feed/log-feed.ts'
import type { LogListHandle } from '../use-lines.ts'
import { LogRow } from './log-row.tsx'
import type { RowForm } from './row-form.tsx'
import { useFollowing } from './use-following.ts'
import { useKeptPlace } from './use-kept-place.ts'

const edgeHeight = 28
/** Rows drawn beyond those in sight. */
const overscan = 8
/** More rows than any screen shows: the number of DOM nodes that are reused. */
const slots = 512

interface LogListProps {
  ref: Ref<LogListHandle>
  feed: LogFeed
  snapshot: FeedSnapshot
  form: RowForm
  mode: FeedMode
  wrap: boolean
  mark: RegExp | undefined
  selected: number | undefined
  /** Id of the record that the view was opened around. */
  at: number | undefined
  onSelect(place: number): void
  onModeChange(mode: 'follow' | 'read'): void
}

export function LogList(props: LogListProps): ReactElement {
  const { ref, feed, snapshot, form, mode, wrap, mark, selected, at, onSelect, onModeChange } = props
  const { rows, first, unkept } = snapshot
  const count = rows.length + unkept.length
  const hueOf = useSourceHue()
  const rowHeight = useNarrow() ? form.height.narrow : form.height.wide
  const scroller = useRef<HTMLDivElement>(null)
  // Heights are remembered by place; rows of one height need no memory, and stable keys spare recounting them all.
  const base = wrap ? first : 0
  const keyOf = useCallback((index: number) => base + index, [base])
  const following = useFollowing(scroller, mode, onModeChange, {
    loadOlder: feed.loadOlder,
    loadNewer: feed.loadNewer,
    detached: snapshot.phase === 'detached',
  })
  const virtualizer = useVirtualizer({
    count,
    // Lines come faster than the browser tells how far it has scrolled: the newest are drawn without asking.
    rangeExtractor: (range) =>
      following.isAtEnd() ? lastRows(count, scroller.current!.clientHeight / rowHeight) : defaultRangeExtractor(range),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan,
    paddingStart: edgeHeight,
    paddingEnd: 8,
    useFlushSync: false,
  })
  useEffect(() => virtualizer.measure(), [virtualizer, wrap, rowHeight])

  // Heights of lines long gone are forgotten now and then.
  const era = mode === 'follow' && wrap ? Math.floor(first / 20_000) : 0
  useEffect(() => virtualizer.measure(), [virtualizer, era])

  useKeptPlace(scroller, virtualizer, { feed, snapshot, mode, at, rowHeight })

  useImperativeHandle(ref, () => ({
    scrollToPlace: (place) => virtualizer.scrollToIndex(place - first, { align: 'auto' }),
    lastVisible() {
      const element = scroller.current
      const item = element
        ? virtualizer.getVirtualItemForOffset(element.scrollTop + element.clientHeight - rowHeight)
        : undefined
      return item && first + item.index
    },
  }))

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Log lines"
      aria-rowcount={count}
      tabIndex={0}
      data-testid="log-list"
      data-mode={mode}
      data-phase={snapshot.phase}
      data-arrived={snapshot.arrived}
      {...following.events}
      className="h-full overflow-x-hidden overflow-y-auto overscroll-contain font-mono text-xs leading-5 [overflow-anchor:none] focus-visible:outline-none"
    >
      <div className="relative w-full [contain:layout_style]" style={{ height: virtualizer.getTotalSize() }}>
        <Edge snapshot={snapshot} retry={feed.loadOlder} />
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index] ?? unkept[index - rows.length]
          if (!row) return null
          const place = first + index
          return (
            <div
              key={wrap ? place : ((place % slots) + slots) % slots}
              ref={wrap ? virtualizer.measureElement : undefined}
              data-index={index}
              className="absolute top-0 left-0 w-full"
              style={{ transform: `translateY(${start}px)` }}
            >
              {'hole' in row ? (
                <GapRow hole={row} heightClass={form.heightClass} onFill={feed.fill} />
              ) : (
                <LogRow
                  record={row}
                  form={form}
                  place={place}
                  hue={hueOf(row.source)}
                  selected={place === selected}
                  highlighted={'id' in row && row.id === at}
                  wrap={wrap}
                  mark={mark}
                  onSelect={onSelect}
                />
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** Indexes of so many rows at the end, and a few more. */
function lastRows(count: number, visible: number): number[] {
  const length = Math.min(count, Math.ceil(visible) + overscan)
  return Array.from({ length }, (_, index) => count - length + index)
}

/** The space above the first row. */
function Edge({ snapshot: { older, rows }, retry }: { snapshot: FeedSnapshot; retry(): void }): ReactElement | null {
  if (rows.length === 0) return null
  const text = {
    idle: '',
    loading: 'Loading older lines…',
    none: 'Nothing older',
    failed: 'The hub did not answer · try again',
  }[older]
  return (
    <div className="flex h-7 items-center justify-center font-sans text-2xs text-faint" data-testid="log-edge">
      {older === 'failed' ? (
        <button type="button" className="hover:text-text" onClick={retry}>
          {text}
        </button>
      ) : (
        text
      )}
    </div>
  )
}
