// Values as `parseJson` gives them → JSON text with the same digits and keys.
import { mayHaveRepeated, RepeatedValues } from './repeated-values.ts'
import { areStringified, WrittenNumber } from './written-number.ts'

/** `indent`: so many spaces for each level, as of `JSON.stringify`. Undefined only for what JSON has no word for. */
export function formatJson(value: unknown, indent = 0): string {
  // The engine is faster, and knows all but keys that repeat.
  return !areStringified || (mayHaveRepeated() && hasRepeated(value))
    ? write(value, indent, '')
    : JSON.stringify(value, undefined, indent)
}

function hasRepeated(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof WrittenNumber) return false
  if (value instanceof RepeatedValues) return true
  for (const key in value) if (hasRepeated((value as Record<string, unknown>)[key])) return true
  return false
}

function write(value: unknown, indent: number, margin: string): string {
  if (value instanceof WrittenNumber) return value.text
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const inside = margin + ' '.repeat(indent)
  const isList = Array.isArray(value)
  const parts = isList ? value.map((item) => write(item, indent, inside)) : members(value, indent, inside)
  const [open, close] = isList ? '[]' : '{}'
  if (parts.length === 0) return `${open}${close}`
  if (indent === 0) return `${open}${parts.join(',')}${close}`
  return `${open}\n${inside}${parts.join(`,\n${inside}`)}\n${margin}${close}`
}

function members(object: object, indent: number, margin: string): string[] {
  const colon = indent === 0 ? ':' : ': '
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .flatMap(([key, value]) =>
      (value instanceof RepeatedValues ? [...value] : [value]).map(
        (each) => `${JSON.stringify(key)}${colon}${write(each, indent, margin)}`,
      ),
    )
}
