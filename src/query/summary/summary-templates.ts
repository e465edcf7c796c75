// How often each template occurs. The rule of template.ts, applied to bytes: only what is listed becomes text.
import { createHash } from 'node:crypto'
import { findVariables, maxVariables, templateId, variableMark } from '../../text/template.ts'
import { messagesOf } from '../match/batch-text.ts'
import type { Ranking, TemplateCount } from '../../contracts/request.ts'
import type { SummaryPart } from './summary-part.ts'
import { openTally } from './summary-tally.ts'

const shownBytes = 1000
const mark = Buffer.from(variableMark)

export interface OpenTemplates extends SummaryPart {
  result(limit: number): Ranking<TemplateCount>
}

export function openTemplates(): OpenTemplates {
  const tally = openTally()
  const places = new Uint32Array(2 * maxVariables)
  let scratch = Buffer.alloc(64 * 1024)

  /** Writes the template of `bytes[from, to)` to `scratch`; gives its length. */
  function write(bytes: Uint8Array, from: number, to: number): number {
    const most = to - from + maxVariables * mark.length
    if (most > scratch.length) scratch = Buffer.alloc(most)
    const variables = findVariables(bytes, from, to, places)
    let length = 0
    let at = from
    // Byte by byte: what is copied is short, and a view of it would cost more than it.
    for (let i = 0; i < variables; i++) {
      for (const start = places[i * 2]!; at < start; at++) scratch[length++] = bytes[at]!
      for (let j = 0; j < mark.length; j++) scratch[length++] = mark[j]!
      at = places[i * 2 + 1]!
    }
    for (; at < to; at++) scratch[length++] = bytes[at]!
    return length
  }

  return {
    add(batch) {
      const { bytes, start, end } = messagesOf(batch)
      for (let i = 0; i < batch.count; i++) {
        const length = write(bytes, start[i]!, end[i]!)
        tally.add(keyOf(scratch, length), batch.id[i])
      }
    },
    takes: ({ templates }) => templates !== undefined,
    addKnown({ templates }) {
      for (const { template, count, newest } of templates!()) {
        const bytes = Buffer.from(template)
        tally.add(keyOf(bytes, bytes.length), newest, count)
      }
    },
    result: (limit) => tally.rank(limit, (key, newest) => ({ ...readKey(key), newest })),
  }
}

/** The template's bytes as Latin-1; of a long one its beginning and, by its length told apart, its id. */
function keyOf(bytes: Buffer, length: number): string {
  if (length <= shownBytes) return bytes.toString('latin1', 0, length)
  const hash = createHash('sha256').update(bytes.subarray(0, length)).digest('hex')
  return bytes.toString('latin1', 0, shownBytes) + hash.slice(0, 16)
}

function readKey(key: string): Pick<TemplateCount, 'id' | 'template'> {
  const template = Buffer.from(key.slice(0, shownBytes), 'latin1').toString('utf8')
  if (key.length <= shownBytes) return { id: templateId(template), template }
  // A character that is cut in two reads as a replacement.
  return { id: key.slice(shownBytes), template: template.replace(/\ufffd$/, '') + '…' }
}
