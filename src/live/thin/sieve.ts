// The lines of a stream that all who share it are given: all less those that its followers asked to be spared, and those that are shed under overload.
// Decided and counted once for all, since each decision costs more than sending the line.
import { severities } from '../../contracts/record.ts'
import type { FollowRequest } from '../../wire/follow-frame.ts'
import type { News } from '../codec.ts'
import type { ThinningForm } from '../follower.ts'
import { rowOf } from '../row.ts'
import type { Shedding } from '../shed/next-shedding.ts'
import type { Sieve } from '../shed/shared-stream.ts'
import { isThinned, openThinning } from './thinning.ts'

/** The wishes that followers must have in common to share a sieve. */
export interface SieveForm {
  request: Pick<FollowRequest, 'rateLimit' | 'collapse'>
  thinning?: ThinningForm | undefined
}

export interface SieveOptions extends SieveForm {
  wantsLogger: boolean
  shedding(): Shedding
  /** Matching records with ids between these. */
  count(after: number, before: number): Promise<number>
}

export function sieveKey({ request: { rateLimit, collapse }, thinning }: SieveForm): string {
  return JSON.stringify([rateLimit ?? null, collapse ?? null, thinning ?? null])
}

export function openSieve({ request, thinning: form, wantsLogger, shedding, count }: SieveOptions): Sieve {
  const thinning = isThinned(request) ? openThinning(request, [], form) : undefined
  let shed = nothingShed()
  const unseen: { after: number; before: number }[] = []
  let isCounting = false

  function isShed(severity: number): boolean {
    const now = shedding()
    return now === 'all' || (now === 'detail' && severity < severities.INFO)
  }

  function hold(lines: number | 'unknown', between: { after: number; before: number; worst: number }): void {
    const isFirst = shed.lines === 0
    shed = {
      lines: lines === 'unknown' || shed.lines === 'unknown' ? 'unknown' : shed.lines + lines,
      after: isFirst ? between.after : Math.min(shed.after, between.after),
      before: Math.max(shed.before, between.before),
      worst: Math.max(shed.worst, between.worst),
    }
  }

  async function countUnseen(): Promise<void> {
    isCounting = true
    for (let next = unseen.shift(); next; next = unseen.shift()) {
      const lines = await count(next.after, next.before).catch(() => 'unknown' as const)
      if (lines !== 0) hold(lines, { ...next, worst: severities.CRITICAL })
    }
    isCounting = false
  }

  /** One line tells of all, so it waits until such lines come again, and all are counted. */
  function reportShed(): News[] {
    const { lines, after, before, worst } = shed
    if (isCounting || shedding() === 'all' || isShed(worst)) return []
    if (unseen.length > 0) void countUnseen()
    if (isCounting || lines === 0) return []
    shed = nothingShed()
    return [{ type: 'gap', after, before, lines, reason: 'overload' }]
  }

  return {
    isShut: () => shedding() === 'all',
    passes(place) {
      const { batch, row } = place
      const severity = batch.severity[row]!
      if (isShed(severity)) {
        const id = batch.id[row]!
        hold(1, { after: id - 1, before: id + 1, worst: severity })
        thinning?.skipped()
        return false
      }
      return !thinning || thinning.passes(rowOf(place, '', wantsLogger), true)
    },
    missed(after, before) {
      const last = unseen.at(-1)
      // Stretches follow each other, or overlap, while nothing is looked at.
      if (last && last.before > after) last.before = before
      else unseen.push({ after, before })
      thinning?.skipped()
    },
    report: () => [...(thinning?.report() ?? []), ...reportShed()],
  }
}

interface Shed {
  lines: number | 'unknown'
  after: number
  before: number
  /** The most severe of them. */
  worst: number
}

const nothingShed = (): Shed => ({ lines: 0, after: 0, before: 0, worst: 0 })
