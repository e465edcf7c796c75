// How dialects leave lines out: repeats told once, and the rate, which does not count against whoever comes back with a cursor.
import type { ThinningForm } from '../live/follower.ts'

/** Lines that were captured while a client, and perhaps the hub, was away comes at once, and in the first minute of a hub. */
const graceMs = 60_000

/** `after`: the cursor of a client that resumes. */
export function thinningForm(
  after: number | undefined,
  { deduplicationWindowMs: windowMs }: { deduplicationWindowMs: number },
): ThinningForm {
  const repeatWindow = { windowMs, toldOnce: true }
  return after === undefined ? { repeatWindow } : { repeatWindow, limitedFrom: Date.now() + graceMs }
}
