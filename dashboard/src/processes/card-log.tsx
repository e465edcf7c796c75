// The live lines of one card: follows the newest, stays where the reader scrolled to, filters and searches.
import { ArrowDown } from 'lucide-react'
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { createStore, useStore } from '../hub/store.ts'
import { formatAmount, formatCount } from '../../../src/text/amounts.ts'
import { markPattern } from '../ui/ansi-text.tsx'
import { queryProblem, type QueryProblem } from '../logs/query/query-problem.ts'
import { searchTerms } from '../logs/view.ts'
import { CardLine } from './card-line.tsx'
import { cardView, maxCardLines, noCardLines, openCardLines, type CardFilter, type CardLines } from './card-lines.ts'
import { useInSight } from './use-in-sight.ts'

interface CardLogProps {
  name: string
  filter: CardFilter
  /** Told what is wrong with the filter's text, and when it is right again. */
  onProblem(problem: QueryProblem | undefined): void
  className: string
}

const nothing = createStore(noCardLines)

export const CardLog = memo(function CardLog({ name, filter, onProblem, className }: CardLogProps): ReactElement {
  const { client } = useHub()
  const scroller = useRef<HTMLDivElement>(null)
  const isInSight = useInSight(scroller)
  const [store, setStore] = useState(nothing)
  useEffect(() => {
    if (!isInSight) return
    const opened = openCardLines(client, name, filter)
    setStore(opened.lines)
    return opened.close
  }, [client, isInSight, name, filter])
  const lines = useStore(store)
  const { entries, heldBack, state, error } = lines
  useEffect(() => onProblem(queryProblem(cardView(name, filter), error)), [name, filter, error, onProblem])

  // While somebody reads further up, the card shows what was there then; what comes is counted.
  const [frozen, setFrozen] = useState<CardLines>()
  const { entries: kept, unkept } = frozen ?? lines
  const shown = useMemo(
    () => [...kept, ...unkept.map((record) => ({ record, repeats: 0 as const }))].slice(-maxCardLines),
    [kept, unkept],
  )
  const unseen = frozen ? countNewer(entries, frozen.entries.at(-1)?.record.id ?? 0) : 0
  useAutoScroll(scroller, frozen === undefined, shown)
  useEffect(() => setFrozen(undefined), [store])
  const renders = useRef(0)
  useEffect(() => {
    if (scroller.current) scroller.current.dataset['renders'] = String(++renders.current)
  })

  const lastTop = useRef(0)
  const onScroll = (): void => {
    const element = scroller.current!
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 12
    if (atEnd) setFrozen(undefined)
    else if (element.scrollTop < lastTop.current - 1) setFrozen((now) => now ?? lines)
    lastTop.current = element.scrollTop
  }

  const filtered = filter.level !== undefined || filter.text.trim() !== ''
  const mark = markPattern(searchTerms(filter.text))
  return (
    <div className="flex grow flex-col border-y border-line bg-sunken">
      <div className="relative flex grow flex-col">
        <div
          ref={scroller}
          role="log"
          aria-live="off"
          aria-label={`Last lines of ${name}`}
          tabIndex={0}
          data-testid="card-log"
          onScroll={onScroll}
          className={`grow overflow-x-hidden overflow-y-auto overscroll-contain py-1.5 font-mono text-2xs leading-[18px] [overflow-anchor:none] focus-visible:-outline-offset-2 ${className}`}
        >
          <ol>
            {shown.map((entry) => (
              <CardLine
                key={'id' in entry.record ? entry.record.id : `unkept ${entry.record.unkept}`}
                entry={entry}
                mark={mark}
              />
            ))}
          </ol>
          {shown.length === 0 ? (
            <p className="px-3 font-sans text-xs text-faint">{emptyText(state, error !== undefined, filtered)}</p>
          ) : null}
        </div>
        {frozen ? (
          <button
            type="button"
            data-testid="card-jump"
            className="absolute right-3 bottom-2 flex animate-rise items-center gap-1 rounded-full border border-line bg-raised px-2.5 py-1 text-2xs font-medium shadow-float hover:bg-sunken"
            onClick={() => setFrozen(undefined)}
          >
            <ArrowDown className="size-3" aria-hidden />
            {unseen > 0 ? `${formatCount(unseen)}${unseen >= 100 ? '+' : ''} new` : 'Newest'}
          </button>
        ) : null}
      </div>
      {heldBack > 0 ? (
        <p data-testid="card-held-back" className="border-t border-line px-3 py-0.5 text-2xs text-warn tabular-nums">
          +{formatAmount(heldBack, 'line')} held back here; all are in the file
        </p>
      ) : null}
    </div>
  )
})

function emptyText(state: CardLines['state'], isWrong: boolean, filtered: boolean): string {
  if (isWrong) return 'No lines, as the filter is not understood.'
  if (state === 'loading') return 'Loading…'
  if (state === 'failed') return 'The hub did not answer; the lines come when it does.'
  return filtered
    ? 'No line matches the filter yet.'
    : 'It has printed nothing yet. Its lines appear here as they come.'
}

function countNewer(entries: CardLines['entries'], id: number): number {
  let count = 0
  for (let i = entries.length - 1; i >= 0 && entries[i]!.record.id > id; i--) count++
  return count
}

/** Glides to the newest line where lines come slowly enough to be followed by eye, else goes there at once. */
function useAutoScroll(scroller: { current: HTMLElement | null }, on: boolean, shown: readonly unknown[]): void {
  const last = useRef(0)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!on || !element) return
    const now = performance.now()
    const calm = now - last.current > 300 && !matchMedia('(prefers-reduced-motion: reduce)').matches
    const near = element.scrollHeight - element.clientHeight - element.scrollTop < 120
    last.current = now
    element.scrollTo({ top: element.scrollHeight, behavior: calm && near ? 'smooth' : 'instant' })
  }, [scroller, on, shown])
}
