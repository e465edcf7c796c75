// logfmt, as logrus, go-kit and slog's text handler write it: `time=2025-10-19T05:55:47.606Z level=INFO msg="no stock" order=7`. Only
// a line that is nothing else, and says what the customary keys say.
import { shapeObject } from '../../json/customary-keys.ts'
import type { ParsedLine } from '../parsed-line.ts'
import { isPlausible, matchAt, textOf, type Line } from './line/line.ts'

const pair = /([\w@][\w.@/-]{0,199})=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s"]*))(?:\s+|$)/y

export function readLogfmt({ head, isWhole, observed }: Line, from: number): ParsedLine | undefined {
  if (!isWhole) return undefined
  const object: Record<string, unknown> = {}
  for (let at = from; at < head.length;) {
    const found = matchAt(pair, head, at)
    if (!found) return undefined
    at += found[0].length
    const [, key, quoted, bare] = found
    const value = bare === undefined ? unquote(textOf(quoted!)) : valueOf(textOf(bare))
    if (value === undefined || key === '__proto__') return undefined
    const before = Object.hasOwn(object, key!) ? object[key!] : undefined
    if (Array.isArray(before)) before.push(value)
    else object[key!] = before === undefined ? value : [before, value]
  }
  const parsed: ParsedLine = shapeObject(object)
  if (parsed.message === undefined && (parsed.severity === undefined || parsed.time === undefined)) return undefined
  return parsed.time === undefined || isPlausible(parsed.time, observed) ? parsed : undefined
}

/** Numbers that read the same when written again are numbers. */
function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  const code = text.charCodeAt(0)
  if ((code >= 48 && code <= 57) || code === 45) {
    const number = Number(text)
    if (String(number) === text && Number.isFinite(number)) return number
  }
  return text
}

function unquote(text: string): string | undefined {
  if (!text.includes('\\')) return text
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return undefined
  }
}
