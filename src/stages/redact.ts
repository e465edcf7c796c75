// The stage that masks secrets, before anything else sees a record: in messages and fields, wherever they come from.
import type { ExtrasColumn, ExtrasJson, RecordBatch, RecordExtras } from '../contracts/batch.ts'
import { formatJson } from '../json/format-json.ts'
import { firstSuspect } from '../secrets/first-suspect.ts'
import type { Unfinished } from '../secrets/searched-text.ts'
import { maskFields } from '../secrets/mask-fields.ts'
import { maskSecrets, mayHoldSequences } from '../secrets/mask.ts'
import { keyTest, secretKeys, type KeyTest } from '../secrets/secret-keys.ts'
import type { StageType } from '../contracts/stage.ts'
import { bytesHaveAnsi } from '../text/ansi.ts'
import { jsonExtras } from '../json/json-extras.ts'
import { replaceMessages } from './replace-messages.ts'

export interface RedactOptions {
  keys: string[]
  except: string[]
}

/** How many secrets of a record are masked. */
const countField = 'logboom.masked'

export const redact: StageType<RedactOptions> = {
  name: 'redact',
  options(z) {
    const names = z.array(z.string().regex(/^[\w.-]{2,100}$/, 'must be names of letters, digits, "_", "-" and "."'))
    return z.strictObject({ keys: names.default([]), except: names.default([]) })
  },
  open(options, memory) {
    const isKey = keyTestOf(options)
    /** A private key may have many lines, and a value may go on in the next part of a long line. */
    let unfinished = memory as Unfinished | undefined
    return {
      apply(batch) {
        const counts = new Map<number, number>()
        const messages: string[] = []
        const hasSequences = mayHoldSequences(batch.text, bytesHaveAnsi(batch.text))
        for (let row = 0; row < batch.count; row++) {
          const masked = maskSecrets(batch.text, batch.start[row]!, batch.end[row]!, isKey, hasSequences, unfinished)
          unfinished = masked.unfinished === 'key' || goesOn(batch, row) ? masked.unfinished : undefined
          if (masked.count > 0) counts.set(row, masked.count)
          if (masked.text) messages[row] = masked.text.toString()
        }
        const clean = messages.length > 0 ? replaceMessages(batch, messages) : batch
        return withExtras(clean, maskExtras(batch, counts, isKey))
      },
      memory: () => unfinished,
    }
  },
}

const keyTests = new WeakMap<RedactOptions, KeyTest>()

/** Shared by all sources with these options: a thousand files have as many stages. */
function keyTestOf(options: RedactOptions): KeyTest {
  let test = keyTests.get(options)
  if (!test) keyTests.set(options, (test = keyTest([...secretKeys, ...options.keys], options.except)))
  return test
}

/** A part of a line that was too long, and not the last. */
function goesOn(batch: RecordBatch, row: number): boolean {
  const fields = row === batch.count - 1 && !batch.extras.json ? batch.extras(row)?.fields : undefined
  return fields?.['logboom.fragment'] !== undefined && fields['logboom.lastFragment'] !== true
}

/** The extras that change; `counts` are those of the messages. */
function maskExtras(
  { count, extras }: RecordBatch,
  counts: ReadonlyMap<number, number>,
  isKey: KeyTest,
): Map<number, RecordExtras> {
  const changed = new Map<number, RecordExtras>()
  const json = extras.json
  const hasSequences = json !== undefined && mayHoldSequences(json.bytes, bytesHaveAnsi(json.bytes))
  /** Clean extras that many rows share, as the name of their file is. */
  let clean: RecordExtras | undefined
  for (let row = 0; row < count; row++) {
    let masked = counts.get(row) ?? 0
    if (json && masked === 0 && !hasSequences) {
      const [from, to] = [json.start[row]!, json.end[row]!]
      if (firstSuspect(json.bytes, from, to, isKey) === to) continue
    }
    const own = extras(row)
    if ((!own || own === clean) && masked === 0) continue
    const fields = own?.fields && maskFields(own.fields, isKey)
    masked += fields?.count ?? 0
    if (masked === 0 && fields?.fields === own?.fields) {
      clean = own
      continue
    }
    changed.set(row, { ...own, fields: { ...fields?.fields, ...(masked > 0 ? { [countField]: masked } : {}) } })
  }
  return changed
}

function withExtras(batch: RecordBatch, changed: ReadonlyMap<number, RecordExtras>): RecordBatch {
  if (changed.size === 0) return batch
  const before = batch.extras
  const extras: ExtrasColumn = before.json ? rewritten(before.json, changed) : (row) => changed.get(row) ?? before(row)
  return { ...batch, extras }
}

/** New extras lie behind those that stay. */
function rewritten({ bytes, start, end, exponents }: ExtrasJson, changed: ReadonlyMap<number, RecordExtras>) {
  const texts = [...changed].map(([row, extras]) => ({ row, text: Buffer.from(formatJson(extras)) }))
  const starts = Uint32Array.from(start)
  const ends = Uint32Array.from(end)
  let at = bytes.length
  for (const { row, text } of texts) {
    starts[row] = at
    ends[row] = at += text.length
  }
  const all = Buffer.concat([bytes, ...texts.map(({ text }) => text)])
  return jsonExtras({ bytes: all, start: starts, end: ends, exponents })
}
