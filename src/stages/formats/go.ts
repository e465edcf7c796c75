// Go: zap's console encoder and the standard log package with file names. Both kinds of slog are logfmt and JSON.
import { parseJson } from '../../json/parse-json.ts'
import { deepestNesting, isWithin } from '../../json/customary-keys.ts'
import type { ParsedLine } from '../parsed-line.ts'
import { textOf, type Line } from './line/line.ts'
import { shape, type Shape } from './line/shape.ts'

export const go: Shape[] = [
  // 2025-10-19T05:55:47.606+0200	INFO	shop.orders	orders/take.go:12	message	{"order": 7}
  shape(
    '\t',
    /\t(?<level>[A-Za-z]{4,6})\t(?:(?<logger>[\w.-]{1,100})\t(?=[\w./@-]{1,200}\.go:\d))?(?:(?<file>[\w./@-]{1,200}\.go):(?<line>\d{1,7})\t)?/y,
    { takeEnd: takeZapFields },
  ),
  // 2025/10/19 05:55:47 orders/take.go:12: message
  shape('Aa/', / (?<file>[\w./@-]{1,200}\.go):(?<line>\d{1,7}): /y),
]

/** The message ends with a tab and an object where there are fields. */
function takeZapFields(parsed: ParsedLine, { head, isWhole }: Line): void {
  const tab = head.indexOf('\t{', parsed.skipBytes)
  if (tab < 0 || !isWhole) return
  try {
    const fields = parseJson(textOf(head.slice(tab + 1))) as Record<string, unknown>
    if (!isWithin(fields, deepestNesting)) return
    parsed.fields = { ...fields, ...parsed.fields }
    parsed.endByte = tab
  } catch {
    // Then it is a message that looks so.
  }
}
