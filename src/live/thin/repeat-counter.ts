// Repeats of a line that was shown: counted instead of sent, and told as counts (SPEC C4). The two ways of counting stand beside each
// other: within a time window, and of adjacent lines only.
import { createHash } from 'node:crypto'
import type { Row } from '../row.ts'
import type { RepeatsNews } from '../codec.ts'
import type { RepeatWindow } from '../follower.ts'
import { isSameLine, mayRepeat, type RepeatedLine } from './repeated-line.ts'

export interface RepeatCounter {
  /** True when the row repeats a line that was shown; it is counted. */
  isRepeat(row: Row): boolean
  /** A row that is no repeat is sent. */
  shown(row: Row): void
  /** Records came that are neither sent nor counted as repeats. */
  interrupted(): void
  /** News of each line with repeats that were not told yet. */
  report(): RepeatsNews[]
}

interface Shown {
  of: Row
  repeats: number
  reported: number
}

export const followWindow: RepeatWindow = { windowMs: 30_000, toldOnce: false }
/** Distinct lines remembered per follower; the oldest goes first, which at worst shows a line once more. */
const rememberedLines = 5000

/** Repeats of the same source, severity and message within the window of the line that was shown. */
export function openWindowCounter({ windowMs, toldOnce }: RepeatWindow): RepeatCounter {
  /** Oldest shown first. */
  const lines = new Map<string, Shown>()
  /** Counts of lines no longer remembered. */
  let left: RepeatsNews[] = []

  function forget(key: string, line: Shown): void {
    lines.delete(key)
    if (line.repeats > line.reported) left.push(newsOf(line))
  }

  return {
    isRepeat(row) {
      const before = mayRepeat(row) ? lines.get(keyOf(row)) : undefined
      if (!before || row.observed - before.of.observed >= windowMs) return false
      before.repeats++
      return true
    },
    interrupted: () => undefined,
    shown(row) {
      if (!mayRepeat(row)) return
      const key = keyOf(row)
      const before = lines.get(key)
      if (before) forget(key, before)
      lines.set(key, { of: row, repeats: 0, reported: 0 })
      if (lines.size <= rememberedLines) return
      const [oldest] = lines
      forget(...oldest!)
    },
    report() {
      const news = left
      left = []
      const overBefore = toldOnce ? Date.now() - windowMs : Infinity
      for (const line of lines.values()) {
        if (line.repeats === line.reported || line.of.observed > overBefore) continue
        news.push(newsOf(line))
        line.reported = line.repeats
      }
      return news
    },
  }
}

function newsOf({ of, repeats, reported }: Shown): RepeatsNews {
  return { type: 'repeats', of: of.id, count: repeats, more: repeats - reported, newest: of, isFolded: false }
}

/** Repeats that follow each other, the newest of them to stand for all; `history` is what was given before. */
export function openAdjacentCounter(history: readonly RepeatedLine[]): RepeatCounter {
  /** With repeats that are not told yet, oldest first. */
  const untold = new Set(history.filter(({ repeats }) => repeats > 0))
  let last = history.at(-1)
  return {
    isRepeat(row) {
      if (!last || !isSameLine(last.newest, row)) return false
      last.newest = row
      last.repeats++
      untold.add(last)
      return true
    },
    shown: (row) => void (last = { firstId: row.id, newest: row, repeats: 0 }),
    interrupted: () => void (last = undefined),
    report() {
      const news = [...untold].map(foldedNews)
      untold.clear()
      return news
    },
  }
}

function foldedNews({ firstId, newest, repeats, isCut }: RepeatedLine): RepeatsNews {
  const news: RepeatsNews = { type: 'repeats', of: firstId, count: repeats, more: repeats, newest, isFolded: true }
  return isCut ? { ...news, atLeast: true } : news
}

/** Long messages are remembered by their hash. */
function keyOf({ severity, source, message }: Row): string {
  const brief = message.length <= 200 ? message : createHash('sha1').update(message).digest('base64')
  return `${severity}\0${source}\0${brief}`
}
