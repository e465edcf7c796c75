// Text behind a time that begins a line, where nothing else tells that the time is the line's own.
import { matchAt } from './line.ts'

const end = /:?(?: -)?(?:[ \t]+(?=\S)|$)/y
/** A sentence that begins with a time tells of that time: `2020-01-01 00:00:00 is no day of business`, or of a span of time; behind a tab
 * a number is another column. */
const goesOn =
  /[ \t]+(?:(?:is|was|are|were|be|has|had|does|did|will|would|can|cannot|could|to|until|till|through|and|or|of|in the|isn't|wasn't)\b|-{0,2}>? ?\d{4}-\d\d-\d\d)|\t[-"\d]/iy
/** Three digits behind a comma are a fraction of a second; fewer are another column. */
const isColumn = /,\d{1,2}$/

/** Undefined when the time may well be that of something else. */
export function matchBehindTime(head: string, to: number): RegExpExecArray | undefined {
  if (matchAt(goesOn, head, to) || isColumn.test(head.slice(to - 3, to))) return undefined
  return matchAt(end, head, to) ?? undefined
}
