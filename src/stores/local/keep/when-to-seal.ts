// When the open tail is full, so that another is begun and its records become blocks.
import type { Retention } from '../../../contracts/retention.ts'

export interface OpenTail {
  size: number
  /** `2026-11-22` of its first record; empty without any. */
  day: string
  today: string
  isSealing: boolean
}

const sealBytes = 32 * 1024 * 1024
/** In a small store, records that cannot be removed yet must be a small part. */
const leastBytes = 1024 * 1024
const shareOfLimit = 1 / 4

/** The rule under these limits. */
export function whenToSeal({ bytes, sources }: Retention): (tail: OpenTail) => boolean {
  const limits = [bytes, ...sources.map((each) => each.bytes)].filter((each) => typeof each === 'number')
  const smallBytes = Math.min(sealBytes, ...limits.map((limit) => Math.max(leastBytes, limit * shareOfLimit)))
  // A tail that is being sealed is waited for, so that sealing often never becomes sealing all the time.
  return ({ size, day, today, isSealing }) =>
    day !== '' && (day !== today || size > (isSealing ? sealBytes : smallBytes))
}
