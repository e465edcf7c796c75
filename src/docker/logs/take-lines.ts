// Hands on the lines of a container that were not read before, as entries, with the place up to which that is all.
import type { LineJoining } from '../../contracts/stage.ts'
import { openHolding } from './holding.ts'
import { bothHeld, openEntryJoiner } from './join-entries.ts'
import type { LogLine } from './log-lines.ts'
import type { SeenLines, SeenState } from './seen-lines.ts'

export interface LogTaker {
  /** Lines are taken group by group. */
  groups(lines: LogLine[]): LogLine[][]
  /** Resolves when the lines can be taken, where that is not now. */
  known(lines: readonly LogLine[], signal: AbortSignal): Promise<void> | undefined
  /** Lines of one group. Gives what to wait for before there are more. */
  take(lines: LogLine[], seen: SeenState): Promise<void> | undefined
  /** `lines`: how many are missing, where that is known. */
  gap(lines: number | undefined, seen: SeenState): void
}

export interface LineTaking {
  /** Lines of a follow; those at the end may be held for a moment. */
  follow(lines: LogLine[], isProven: boolean): Promise<void>
  /** Lines of a reading, which may be older than those of the follow that goes on. */
  reread(lines: LogLine[]): Promise<void>
  /** Nothing more of it comes: what is held is handed on. */
  endFollow(): Promise<void>
  endReread(): Promise<void>
  gap(lines: number | undefined): void
}

export function openLineTaking(taker: LogTaker, seen: SeenLines, joining: LineJoining | undefined): LineTaking {
  const followed = openEntryJoiner(joining?.join)
  const reread = openEntryJoiner(joining?.join)
  const holding = openHolding(joining?.holdMs ?? 0, () => void take(followed.flush()).catch(() => undefined))
  let isFollowing = false
  const state = (): SeenState => seen.state(bothHeld(followed.held(), reread.held()))

  async function take(entries: LogLine[]): Promise<void> {
    if (entries.length > 0) await taker.take(entries, state())
  }

  /** Each group is kept with a place that knows of no line behind it. */
  async function takeFresh(found: LogLine[], joiner: typeof followed, isProven: boolean): Promise<void> {
    for (const group of taker.groups(found)) {
      if (group !== found) await take(joiner.flush())
      await take(joiner.add(group.filter((line) => seen.add(line, isProven))))
    }
  }

  return {
    async follow(lines, isProven) {
      isFollowing = true
      await takeFresh(lines, followed, isProven)
      holding.note(followed.held().size > 0)
    },
    async reread(lines) {
      // Places are those before what is held, and must not pass over what stands behind it.
      await take(followed.flush())
      await takeFresh(lines, reread, false)
      if (isFollowing) await take(reread.flush())
    },
    async endFollow() {
      isFollowing = false
      await take(followed.flush())
    },
    endReread: () => take(reread.flush()),
    gap: (lines) => taker.gap(lines, state()),
  }
}
