// How much of a record one row shows: a line of 1 MiB must cost the list no more than a short one.
import { formatJson, valuesOfKey } from '../../../../src/client/index.ts'

const maxCharacters = 1000
const maxWrappedCharacters = 20_000

/** The part of a message that a row shows, and how many of its lines that leaves out. */
export function briefMessage(message: string, wrap: boolean): { text: string; hiddenLines: number } {
  const limit = wrap ? maxWrappedCharacters : maxCharacters
  let text = message.length > limit ? `${message.slice(0, limit)}…` : message
  if (wrap) return { text: text.replace(/[\r\n]+$/, ''), hiddenLines: 0 }
  const end = text.search(/[\r\n]/)
  if (end < 0) return { text, hiddenLines: 0 }
  const rest = message.slice(end).replace(/[\r\n]+$/, '')
  let hiddenLines = 0
  for (let at = rest.indexOf('\n'); at >= 0 && hiddenLines < 9999; at = rest.indexOf('\n', at + 1)) hiddenLines++
  text = text.slice(0, end)
  return { text, hiddenLines }
}

/** Fields as `key=value …`, cut at about so many characters. */
export function briefFields(fields: Record<string, unknown>, limit = 300): string {
  let text = ''
  for (const [key, values] of Object.entries(fields)) {
    for (const value of valuesOfKey(values)) {
      const shown =
        typeof value === 'string' ? (/[\s"=]/.test(value) ? JSON.stringify(value) : value) : formatJson(value)
      text += `${text === '' ? '' : ' '}${key}=${shown}`
      if (text.length > limit) return `${text.slice(0, limit)}…`
    }
  }
  return text
}
