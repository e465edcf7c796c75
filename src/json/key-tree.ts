// The keys of records, as a tree: each under the keys that came before it in its line. Lines of one program are alike, so
// the key that followed last time is compared first, bytes with bytes; and what a key means in this place, beside those
// before it, was found out once.
import { customary, sourceKeys, type Part } from './customary-keys.ts'
import { spaceEnd, stringEnd, type Scan } from './json-scan.ts'
import { knownText, startsAt, textOf, type KnownText } from './known-text.ts'

/** Meanings of a value. `source` only where records may name theirs; `peculiar`: only the plain way can tell. */
export const codes: Readonly<Record<Part | 'field' | 'source' | 'peculiar', number>> = {
  field: 0,
  message: 1,
  time: 2,
  level: 3,
  logger: 4,
  traceId: 5,
  spanId: 6,
  audit: 7,
  source: 8,
  peculiar: 9,
}

export interface KnownValue extends KnownText {
  value: number
}

/** A key as it stands in front of its value: `,"name":` or `{"name":`, with the white space that is there. */
export interface KeyNode extends KnownText {
  name: string
  /** Place of the name, with its quotes, within the key. */
  nameAt: number
  nameTo: number
  /** Without white space. */
  tight: boolean
  code: number
  /** How many keys are before it. */
  depth: number
  before: KeyNode | undefined
  /** The key that followed last. */
  next: KeyNode | undefined
  /** All that ever followed, by hash. */
  followers: Map<number, KeyNode> | undefined
  /** Values of this name that were understood before, the newest first. */
  values: KnownValue[]
  /** Of records that end here. */
  plan: RecordPlan | undefined
}

/** How a record is made of its values, each given by its depth; negative where there is none. */
export interface RecordPlan {
  message: number
  time: number
  level: number
  logger: number
  traceId: number
  spanId: number
  audit: number
  source: number
  /** Fields that stand side by side and can be copied as one: the depths of the first and the last. */
  runs: [first: KeyNode, last: KeyNode][]
  fields: KeyNode[]
  /** Fields among these might have been something else. */
  contested: boolean
}

export interface KeyTree {
  /** The place before the first key. */
  root(): KeyNode
  /**
   * The key at `at`, a brace or comma, behind the key `before`, when it is not `before.next`; undefined when there is none,
   * or one with escapes.
   */
  find(scan: Scan, at: number, before: KeyNode): KeyNode | undefined
}

/** Keys that vary from line to line are data; the tree is begun anew when they have filled it. */
const mostNodes = 4096
/** Longer ones, and keys behind so many, are left to the plain way. */
const longestKeyBytes = 256
export const mostKeys = 256

export function openKeyTree(namesSource: boolean): KeyTree {
  let root = rootNode()
  let nodes = 0
  const values = new Map<string, KnownValue[]>()

  function valuesOf(name: string): KnownValue[] {
    const known = values.get(name) ?? []
    values.set(name, known)
    return known
  }

  function learn(scan: Scan, at: number, before: KeyNode): KeyNode | undefined {
    const { bytes } = scan
    const nameAt = spaceEnd(scan, at + 1)
    if (bytes[nameAt] !== 0x22) return undefined
    scan.escaped = false
    const nameTo = stringEnd(scan, nameAt + 1)
    if (nameTo < 0 || scan.escaped) return undefined
    const colon = spaceEnd(scan, nameTo)
    if (bytes[colon] !== 0x3a) return undefined
    const to = spaceEnd(scan, colon + 1)
    if (to - at > longestKeyBytes || before.depth + 1 >= mostKeys) return undefined
    let hash = 0
    for (let i = at; i < to; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0
    const known = before.followers?.get(hash)
    if (known && startsAt(known, scan, at)) return known
    const name = textOf(scan, nameAt + 1, nameTo - 1)
    const code = codeOf(name, before, namesSource)
    const node: KeyNode = {
      ...knownText(bytes.subarray(at, to)),
      name,
      nameAt: nameAt - at,
      nameTo: nameTo - at,
      tight: nameAt === at + 1 && to === nameTo + 1,
      code,
      depth: before.depth + 1,
      before,
      next: undefined,
      followers: undefined,
      values: code === codes.level ? valuesOf(name) : [],
      plan: undefined,
    }
    if (++nodes > mostNodes) {
      // Lines that are being read go on in the old one.
      root = rootNode()
      nodes = 0
    }
    before.followers ??= new Map()
    before.followers.set(hash, node)
    return node
  }

  return {
    root: () => root,
    find(scan, at, before) {
      const found = learn(scan, at, before)
      if (found) before.next = found
      return found
    },
  }
}

function rootNode(): KeyNode {
  const nothing = { before: undefined, next: undefined, followers: undefined, plan: undefined, values: [] }
  return { ...knownText(''), name: '', nameAt: 0, nameTo: 0, tight: true, code: codes.field, depth: -1, ...nothing }
}

function codeOf(name: string, before: KeyNode, namesSource: boolean): number {
  const [part] = customary.get(name) ?? []
  const code = part ? codes[part] : namesSource && sourceKeys.includes(name) ? codes.source : codes.field
  if (code === codes.field) return code
  for (let node: KeyNode | undefined = before; node; node = node.before) if (node.name === name) return codes.peculiar
  return code
}

/** How records are made that end with this key. */
export function planOf(last: KeyNode): RecordPlan {
  const path: KeyNode[] = []
  for (let node: KeyNode | undefined = last; node && node.depth >= 0; node = node.before) path.unshift(node)
  const best = (code: number): KeyNode | undefined =>
    path.filter((node) => node.code === code).sort((a, b) => rankOf(a) - rankOf(b))[0]
  let message = best(codes.message)
  const [time, level] = [best(codes.time), best(codes.level)]
  // `event` alone is data (`{"event":"click"}`); with level or time it is a message.
  if (message?.name === 'event' && !time && !level) message = undefined
  const [logger, traceId, spanId] = [best(codes.logger), best(codes.traceId), best(codes.spanId)]
  const [audit, source] = [best(codes.audit), best(codes.source)]
  const taken = new Set([message, time, level, logger, traceId, spanId, audit, source])
  const fields = path.filter((node) => !taken.has(node))
  const runs: RecordPlan['runs'] = []
  for (const node of fields) {
    const run = runs.at(-1)
    if (run && run[1] === node.before && node.tight) run[1] = node
    else runs.push([node, node])
  }
  const depthOf = (node: KeyNode | undefined): number => node?.depth ?? -1
  return {
    message: depthOf(message),
    time: depthOf(time),
    level: depthOf(level),
    logger: depthOf(logger),
    traceId: depthOf(traceId),
    spanId: depthOf(spanId),
    audit: depthOf(audit),
    source: depthOf(source),
    runs,
    fields,
    contested: fields.some(({ code }) => code !== codes.field),
  }
}

function rankOf({ name }: KeyNode): number {
  return customary.get(name)?.[1] ?? sourceKeys.indexOf(name)
}
