// Terminal control sequences in the texts of a block. Searches and templates are about texts without them, and columns have them
// as they came: templates that have any are read as texts.
import type { RecordExtras } from '../../../contracts/batch.ts'
import { parseJson } from '../../../json/parse-json.ts'
import { oneJsonHasAnsi } from '../../../query/match/plain-extras.ts'
import { bytesHaveAnsi, hasAnsi, textHasAnsi } from '../../../text/ansi.ts'
import { plainText } from '../../../text/plain-texts.ts'
import type { Texts } from '../column/texts.ts'
import type { Colours } from './block-header.ts'
import type { BlockDirectory } from './block-directory.ts'
import type { SectionReader } from './sections.ts'
import type { StoredTemplate } from '../column/templated-column.ts'
import type { TextFilters } from '../column/value-column.ts'

export type TextKind = 'text' | 'json'

export const coloursOf = (messages: Texts, extras: Texts): Colours => ({
  messages: hasColours(messages.bytes, 'text'),
  extras: hasColours(extras.bytes, 'json'),
})

/** Of a block whose header does not say it. */
export function findColours(reader: SectionReader, { message, extras }: BlockDirectory): Colours {
  return {
    messages: message.templates.some((template) => isColoured(reader, template, 'text')),
    extras: extras.templates.some((template) => isColoured(reader, template, 'json')),
  }
}

/**
 * Whether texts of this template have any: in its own words or in a variable, never half in one and half in another that has none.
 */
export function isColoured(reader: SectionReader, { parts, columns }: StoredTemplate, kind: TextKind): boolean {
  return (
    parts.some((part) => hasColours(Buffer.from(part), kind)) ||
    columns.some((column) => {
      if (column.form === 'number') return false
      return hasColours(column.form === 'constant' ? Buffer.from(column.value) : reader.at(column.text), kind)
    })
  )
}

function hasColours(bytes: Uint8Array, kind: TextKind): boolean {
  return kind === 'text' ? bytesHaveAnsi(bytes) : oneJsonHasAnsi(bytes, 0, bytes.length)
}

/** Tells the filters of words that colours take apart: `time`, colour, `out`. */
export function addJoinedWords(messages: Texts, extras: Texts, colours: Colours, filters: TextFilters): void {
  for (let row = 0; colours.messages && row < messages.count; row++) {
    const [from, to] = [messages.start[row]!, messages.end[row]!]
    if (textHasAnsi(messages.bytes, from, to)) addJoined(messages.bytes, from, to, filters)
  }
  for (let row = 0; colours.extras && row < extras.count; row++) {
    const [from, to] = [extras.start[row]!, extras.end[row]!]
    if (!oneJsonHasAnsi(extras.bytes, from, to)) continue
    const json = Buffer.from(extras.bytes.buffer, extras.bytes.byteOffset + from, to - from).toString()
    addJoinedIn(parseJson(json) as RecordExtras, filters)
  }
}

function addJoinedIn(value: unknown, filters: TextFilters): void {
  if (typeof value === 'string') {
    const bytes = hasAnsi(value) ? Buffer.from(value) : undefined
    if (bytes) addJoined(bytes, 0, bytes.length, filters)
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) addJoinedIn(inner, filters)
  }
}

function addJoined(bytes: Uint8Array, from: number, to: number, filters: TextFilters): void {
  const plain = plainText(bytes, from, to)
  if (!plain) return
  const { bytes: text, places } = plain
  for (let at = 1; at < text.length; at++) {
    if (places[at] === places[at - 1]! + 1 || !isOfWord(text[at]!) || !isOfWord(text[at - 1]!)) continue
    let begin = at
    while (begin > 0 && isOfWord(text[begin - 1]!)) begin--
    while (at < text.length && isOfWord(text[at]!)) at++
    filters.text(text, begin, at)
  }
}

/** Bytes that the filters take for parts of words. */
function isOfWord(code: number): boolean {
  const lower = code | 32
  return (lower >= 97 && lower <= 122) || (code >= 48 && code <= 57) || code === 0x5f
}
