// The lines of one card: the newest hundred that match its filter, from the store first, then live.
import type { UnkeptRecord } from '../../../src/client/index.ts'
import { severities, type LogRecord, type SeverityName } from '../../../src/contracts/record.ts'
import { stripAnsi } from '../../../src/text/ansi.ts'
import type { HubState } from '../hub/hub-state.ts'
import { createStore, type Store } from '../hub/store.ts'
import { quoted } from '../logs/view.ts'
import type { LiveLines } from './live-lines.ts'

/** Most entries of one process that the page holds (A8). */
export const maxCardLines = 100
/** Repeats within this time of the line that was shown are counted on it (C4). */
const repeatWindowMs = 30_000

export interface CardFilter {
  /** This level and up; absent: all. */
  level?: SeverityName
  text: string
}

export interface CardEntry {
  record: LogRecord
  /** So many more lines said the same. */
  repeats: number
}

export interface CardLines {
  entries: readonly CardEntry[]
  /** The newest lines behind the entries that are captured and not kept. */
  unkept: readonly UnkeptRecord[]
  /** Lines that the hub held back from this card since the page was opened. */
  heldBack: number
  state: 'loading' | 'ready' | 'failed'
}

export function openCardLines(
  hub: HubState,
  live: LiveLines,
  source: string,
  filter: CardFilter,
): { lines: Store<CardLines>; close(): void } {
  const lines = createStore<CardLines>({ entries: [], unkept: [], heldBack: 0, state: 'loading' })
  const abort = new AbortController()
  const matches = matcher(filter)
  const change = (next: Partial<CardLines>): void => lines.set({ ...lines.get(), ...next })

  // What waits already is told at once.
  const unsubscribe = live.subscribe(source, {
    records(records) {
      const added = records.filter(matches).map((record) => ({ record, repeats: 0 }))
      if (added.length > 0) change({ entries: newest(lines.get().entries, added) })
    },
    unkept: (held) => change({ unkept: held.filter(matches).slice(-maxCardLines) }),
    heldBack: (count) => change({ heldBack: lines.get().heldBack + count }),
    repeats(id, repeats) {
      const { entries } = lines.get()
      const at = entries.findLastIndex(({ record }) => record.id === id)
      if (at >= 0) change({ entries: entries.with(at, { record: entries[at]!.record, repeats }) })
    },
    renewed() {
      change({ entries: [], unkept: [], heldBack: 0 })
      void refill()
    },
  })

  async function refill(): Promise<void> {
    await live.live
    try {
      const { records } = await hub.client.search(
        { query: cardQuery(source, filter), order: 'newest', limit: maxCardLines },
        { signal: abort.signal },
      )
      change({ entries: newest(collapse(records.toReversed()), lines.get().entries), state: 'ready' })
    } catch {
      if (!abort.signal.aborted) change({ state: 'failed' })
    }
  }

  const unwatch = hub.connection.subscribe(() => {
    if (hub.connection.get().state === 'live' && lines.get().state === 'failed') void refill()
  })
  void refill()

  return {
    lines,
    close() {
      abort.abort()
      unsubscribe()
      unwatch()
    },
  }
}

/** Both in order of id; `later` may repeat the end of `earlier`. */
export function newest(earlier: readonly CardEntry[], later: readonly CardEntry[]): CardEntry[] {
  const last = earlier.at(-1)?.record.id ?? 0
  return [...earlier, ...later.filter(({ record }) => record.id > last)].slice(-maxCardLines)
}

/** History as the live follow would have shown it: repeats are counted on the first of them. */
export function collapse(records: readonly LogRecord[]): CardEntry[] {
  const shown = new Map<string, CardEntry>()
  const entries: CardEntry[] = []
  for (const record of records) {
    const key = `${record.severity} ${record.message}`
    // Each exit is news: only what was printed is collapsed.
    const before = record.kind === 'event' || record.kind === 'gap' ? undefined : shown.get(key)
    if (before && record.observed - before.record.observed < repeatWindowMs) {
      before.repeats++
      continue
    }
    const entry = { record, repeats: 0 }
    shown.set(key, entry)
    entries.push(entry)
  }
  return entries
}

export function cardQuery(source: string, { level, text }: CardFilter): string {
  const parts = [`source:${quoted(source)}`]
  if (level) parts.push(`level>=${level.toLowerCase()}`)
  if (text.trim() !== '') parts.push(quoted(text.trim()))
  return parts.join(' ')
}

/** The same rule for lines that come live. */
export function matcher({ level, text }: CardFilter): (record: Pick<LogRecord, 'severity' | 'message'>) => boolean {
  const least = level ? severities[level] : 0
  const wanted = text.trim().toLowerCase()
  return (record) =>
    record.severity >= least && (wanted === '' || stripAnsi(record.message).toLowerCase().includes(wanted))
}
