// YAML and JSON, both read so that every key and value still knows its line.
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document as YamlDocument } from 'yaml'
import type { Document } from './read-document.ts'
import type { Path, Place, Problem } from './problem.ts'

export function readYaml(text: string): Document {
  return read(text, () => true)
}

/** JSON in the strict sense decides; the YAML reader, which takes all of JSON, only adds places and duplicate keys. */
export function readJson(text: string): Document {
  let reason: string | undefined
  try {
    JSON.parse(text)
  } catch (error) {
    reason = (error as Error).message
  }
  const document = read(text, (code) => reason !== undefined || code === 'DUPLICATE_KEY')
  if (reason !== undefined && document.problems.length === 0) document.problems.push({ path: [], message: reason })
  return document
}

const words: Record<string, string> = {
  DUPLICATE_KEY: 'is there twice',
  MULTIPLE_DOCS: 'there is more than one document in this file',
}

function read(text: string, counts: (code: string) => boolean): Document {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, stringKeys: true })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const problems = document.errors
    .filter(({ code }) => counts(code))
    .map(({ code, message, pos }): Problem => {
      const path = code === 'DUPLICATE_KEY' ? pathAt(document, pos[0]) : []
      return { path, place: placeAt(pos[0]), message: words[code] ?? message }
    })
  const broken = document.errors.some(({ code }) => counts(code) && code !== 'DUPLICATE_KEY')
  return {
    value: broken ? undefined : toValue(document),
    problems,
    locate: (path, part) => {
      const offset = offsetOf(document, path, part)
      return offset === undefined ? undefined : placeAt(offset)
    },
  }
}

/** Aliases beyond reason are refused by the library with a plain error; it then has no place. */
function toValue(document: YamlDocument): unknown {
  // toJS refuses a document with errors; duplicate keys are already reported and must not hide other problems.
  document.errors = []
  return document.toJS()
}

/** Where the key (or the value) at `path` begins; the nearest parent's when it is not written at all. */
function offsetOf(document: YamlDocument, path: Path, part: 'key' | 'value'): number | undefined {
  let node: unknown = document.contents
  let offset: number | undefined
  for (const step of path) {
    if (isMap(node)) {
      // Of a key that is there twice the last one counts.
      const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (!pair) return offset
      const value = pair.value as { range?: [number, number, number] | null } | null
      const key = pair.key as { range?: [number, number, number] | null }
      offset = (part === 'value' && step === path.at(-1) ? value?.range?.[0] : undefined) ?? key.range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = (node as { range?: [number, number, number] } | undefined)?.range?.[0] ?? offset
    } else return offset
  }
  return offset
}

/** The path of the key that begins at `offset`. */
function pathAt(document: YamlDocument, offset: number): Path {
  const visit = (node: unknown, path: Path): Path | undefined => {
    if (isSeq(node)) return first(node.items.map((item, index) => [item, [...path, index]] as const))
    if (!isMap(node)) return undefined
    for (const item of node.items) {
      if (!isPair(item) || !isScalar(item.key)) continue
      const own = [...path, String(item.key.value)]
      if (item.key.range?.[0] === offset) return own
      const found = visit(item.value, own)
      if (found) return found
    }
    return undefined
  }
  const first = (children: (readonly [unknown, Path])[]): Path | undefined => {
    for (const [child, path] of children) {
      const found = visit(child, path)
      if (found) return found
    }
    return undefined
  }
  return visit(document.contents, []) ?? []
}
