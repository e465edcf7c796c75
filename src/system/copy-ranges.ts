// Copies ranges of bytes, most of them short: below some hundred bytes a loop over words is faster than the engine's own
// copying, which has to make a view first.

import { viewOf } from './view-of.ts'

const viewed = 192

/** Copies `from[start, end)` to `to` at `at`, and gives the place behind it. Both views are of the whole arrays. */
function copyRange(
  from: Uint8Array,
  fromView: DataView,
  start: number,
  end: number,
  to: Uint8Array,
  toView: DataView,
  at: number,
): number {
  if (end - start > viewed) {
    to.set(from.subarray(start, end), at)
    return at + end - start
  }
  for (; start <= end - 4; start += 4, at += 4) toView.setInt32(at, fromView.getInt32(start, true), true)
  while (start < end) to[at++] = from[start++]!
  return at
}

/** Copies `count` ranges one behind the other, beginning at `at`. */
export function copyRanges(
  from: Uint8Array,
  start: Uint32Array,
  end: Uint32Array,
  count: number,
  to: Uint8Array,
  at: number,
): void {
  const fromView = viewOf(from)
  const toView = viewOf(to)
  for (let i = 0; i < count; i++) at = copyRange(from, fromView, start[i]!, end[i]!, to, toView, at)
}
