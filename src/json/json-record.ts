// JSON objects in bytes → rows, in one pass: keys are told by comparing them with those of lines before, messages stay where
// they are, what is not the record's own is copied as it stands. Whatever is unusual is left to the plain way
// (plain-record.ts), and both give the same.
import { formatJson } from './format-json.ts'
import { parseJson } from './parse-json.ts'
import { deepestNesting, severityOf } from './customary-keys.ts'
import { spaceEnd, stringEnd, valueEnd } from './json-scan.ts'
import { codes, mostKeys, openKeyTree, planOf, type KeyNode, type RecordPlan } from './key-tree.ts'
import { openKnownNames } from './known-names.ts'
import { knownText, startsAt, textOf, type KnownText } from './known-text.ts'
import { openTimeReader } from './read-time.ts'
import { addRow, longestRecordBytes, reserveJson, writeJson, writeText, type RecordRows } from './record-rows.ts'

export interface RecordReader {
  /** All that follows is read from here. */
  begin(rows: RecordRows): void
  /**
   * Behind the object at `at`, which is now a row; -1 when it is none, or an unusual one. Where newlines are no white space it
   * must be alone on its line, and the newline's place is given.
   */
  read(at: number): number
}

const newline = 0x0a
const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d

const loggerKey = knownText('"logger":')
const traceIdKey = knownText('"traceId":')
const spanIdKey = knownText('"spanId":')
const fieldsKey = knownText('"fields":{')
/** Of all of these with what stands around them, and what copying in words of four may write beyond the end. */
const mostKeyBytes = 64
const auditLogger = knownText('"audit.')
/** Copied in words; above, the engine is faster. */
const longestInWords = 48

const mostKnownValues = 32
const longestKnownValue = 32

export function openRecordReader(): RecordReader {
  const trees = [openKeyTree(false), openKeyTree(true)] as const
  const times = openTimeReader()
  const names = openKnownNames()
  let rows: RecordRows
  let tree = trees[0]
  /** Of the record that is being read, by depth of the key: where the value lies, and what it is. */
  const from = new Int32Array(mostKeys)
  const to = new Int32Array(mostKeys)
  const value = new Float64Array(mostKeys)

  function read(start: number): number {
    const { bytes } = rows
    if (bytes[start] !== openBrace) return -1
    rows.odd = false
    let node = tree.root()
    let at = start
    do {
      const guess = node.next
      const next = guess !== undefined && startsAt(guess, rows, at) ? guess : tree.find(rows, at, node)
      if (!next) return -1
      node = next
      at += node.length
      const end = node.code === codes.field ? anyEnd(at) : readPart(node, at)
      if (end < 0) return -1
      from[node.depth] = at
      to[node.depth] = at = end
      if (bytes[at] !== comma && bytes[at] !== closeBrace) at = spaceEnd(rows, at)
    } while (bytes[at] === comma)
    if (bytes[at] !== closeBrace) return -1
    const end = ++at
    if (!rows.newlines && bytes[at] !== newline) {
      at = spaceEnd(rows, at)
      if (at < rows.length && bytes[at] !== newline) return -1
    }
    if (end - start > longestRecordBytes) return -1
    finish((node.plan ??= planOf(node)), start, end)
    return at
  }

  function anyEnd(at: number): number {
    return rows.bytes[at] === quote ? stringEnd(rows, at + 1) : valueEnd(rows, at, deepestNesting - 1)
  }

  /** Behind the value at `at`; -1 also when it is not what its key says. */
  function readPart(node: KeyNode, at: number): number {
    const { code, depth } = node
    const { odd } = rows
    let end = -1
    switch (code) {
      case codes.message:
        rows.escaped = false
        if (rows.bytes[at] === quote) end = stringEnd(rows, at + 1)
        value[depth] = rows.escaped ? 1 : 0
        break
      case codes.time: {
        const time = times.read(rows, at)
        value[depth] = time
        if (!Number.isNaN(time)) end = times.end()
        break
      }
      case codes.level: {
        end = valueEnd(rows, at, 0)
        if (end < 0) return -1
        const severity = severityAt(node, at, end)
        if (severity === 0) return -1
        value[depth] = severity
        break
      }
      case codes.logger:
        rows.escaped = false
        if (rows.bytes[at] === quote) end = stringEnd(rows, at + 1)
        if (rows.escaped || end === at + 2) return -1
        break
      case codes.traceId:
        return hexEnd(at, 32)
      case codes.spanId:
        return hexEnd(at, 16)
      case codes.audit:
        end = valueEnd(rows, at, 0)
        if (end < 0 || !/^"?true"?$/.test(textOf(rows, at, end))) return -1
        break
      case codes.source: {
        if (rows.bytes[at] === quote) end = stringEnd(rows, at + 1)
        if (end < 0) return -1
        value[depth] = names.number(rows, at, end)
        if (value[depth]! < 0) return -1
        break
      }
    }
    // Only as a field it would have to be written otherwise.
    rows.odd = odd
    return end
  }

  function severityAt({ name, values }: KeyNode, at: number, end: number): number {
    const length = end - at
    for (let i = 0; i < values.length; i++) {
      const known = values[i]!
      if (known.length === length && startsAt(known, rows, at)) return known.value
    }
    const severity = severityOf(JSON.parse(textOf(rows, at, end)), name) ?? 0
    if (length <= longestKnownValue) {
      values.unshift({ ...knownText(rows.bytes.subarray(at, end)), value: severity })
      if (values.length > mostKnownValues) values.pop()
    }
    return severity
  }

  /** Of a quoted hexadecimal number of so many digits, a multiple of four. */
  function hexEnd(at: number, digits: number): number {
    const { bytes, view } = rows
    const end = at + 1 + digits
    if (end >= rows.length || bytes[at] !== quote || bytes[end] !== quote) return -1
    for (let i = at + 1; i < end; i += 4) if (!areHexDigits(view.getInt32(i, true))) return -1
    return end + 1
  }

  function finish(plan: RecordPlan, start: number, end: number): void {
    const jsonStart = rows.jsonAt
    writeExtras(plan, end - start)
    const { message, time, level, logger, source } = plan
    const isAudit = plan.audit >= 0 || (logger >= 0 && startsAt(auditLogger, rows, from[logger]!))
    let textFrom = start
    let textTo = end
    if (message >= 0) {
      textFrom = from[message]! + 1
      textTo = to[message]! - 1
      if (value[message] === 1)
        textTo = writeText(rows, JSON.parse(textOf(rows, textFrom - 1, textTo + 1)) as string, textFrom)
    }
    addRow(
      rows,
      textFrom,
      textTo,
      time < 0 ? rows.observed : value[time]!,
      level < 0 ? 0 : value[level]!,
      isAudit,
      source < 0 ? 0 : value[source]!,
      jsonStart,
    )
  }

  function writeExtras({ logger, traceId, spanId, runs, fields, contested }: RecordPlan, length: number): void {
    reserveJson(rows, length + mostKeyBytes)
    let before = openBrace
    if (logger >= 0) {
      writeKey(loggerKey, before)
      copy(from[logger]!, to[logger]!)
      before = comma
    }
    if (traceId >= 0) {
      writeKey(traceIdKey, before)
      copyLower(from[traceId]!, to[traceId]!)
      before = comma
    }
    if (spanId >= 0) {
      writeKey(spanIdKey, before)
      copyLower(from[spanId]!, to[spanId]!)
      before = comma
    }
    if (fields.length > 0) {
      writeKey(fieldsKey, before)
      if (rows.odd || contested) for (const field of fields) writeField(field, field !== fields[0])
      else for (let i = 0; i < runs.length; i++) writeRun(runs[i]!, i > 0)
      rows.bytes[rows.jsonAt++] = closeBrace
      before = comma
    }
    if (before === comma) rows.bytes[rows.jsonAt++] = closeBrace
  }

  function writeRun([first, last]: RecordPlan['runs'][number], more: boolean): void {
    if (more) rows.bytes[rows.jsonAt++] = comma
    const start = from[first.depth]! - first.length
    if (first.tight) copy(start + first.nameAt, to[last.depth]!)
    else {
      copy(start + first.nameAt, start + first.nameTo)
      rows.bytes[rows.jsonAt++] = colon
      copy(from[first.depth]!, to[last.depth]!)
    }
  }

  /** A field whose value may have to be written otherwise than it came. */
  function writeField(node: KeyNode, more: boolean): void {
    rows.odd = false
    valueEnd(rows, from[node.depth]!)
    if (!rows.odd) return writeRun([node, node], more)
    const start = from[node.depth]! - node.length
    const name = textOf(rows, start + node.nameAt, start + node.nameTo)
    const json = formatJson(parseJson(textOf(rows, from[node.depth]!, to[node.depth]!)))
    writeJson(rows, `${more ? ',' : ''}${name}:${json}`)
    reserveJson(rows, rows.length)
  }

  /** Key and colon behind `before`. */
  function writeKey({ words, length }: KnownText, before: number): void {
    const { bytes, view, jsonAt } = rows
    bytes[jsonAt] = before
    const last = words.length - 1
    for (let i = 0; i < last; i++) view.setInt32(jsonAt + 1 + i * 4, words[i]!, true)
    view.setInt32(jsonAt + length - 3, words[last]!, true)
    rows.jsonAt = jsonAt + 1 + length
  }

  function copy(start: number, end: number): void {
    const { bytes, view, jsonAt } = rows
    rows.jsonAt = jsonAt + end - start
    if (end - start > longestInWords) bytes.copyWithin(jsonAt, start, end)
    else for (let i = start, at = jsonAt; i < end; i += 4, at += 4) view.setInt32(at, view.getInt32(i, true), true)
  }

  /** A quoted hexadecimal number in lower case: of its digits only the letters lack the bit. */
  function copyLower(start: number, end: number): void {
    const { bytes, view, jsonAt } = rows
    let at = jsonAt
    bytes[at++] = quote
    for (let i = start + 1; i < end - 1; i += 4, at += 4) view.setInt32(at, view.getInt32(i, true) | 0x20202020, true)
    bytes[at++] = quote
    rows.jsonAt = at
  }

  return {
    begin(into) {
      rows = into
      tree = into.sourceNumber ? trees[1] : trees[0]
      if (into.sourceNumber) names.begin(into.sourceNumber)
    },
    read,
  }
}

/** Of four bytes at once. Sums reach the highest bit of a byte when it is at least so much. */
function areHexDigits(word: number): boolean {
  const lower = word | 0x20202020
  const isDigit = (word + 0x50505050) & ~(word + 0x46464646)
  const isLetter = (lower + 0x1f1f1f1f) & ~(lower + 0x19191919)
  return ((isDigit | isLetter) & ~word & 0x80808080) === (0x80808080 | 0)
}
