// Which keys a schema knows at which path. Wrong keys are looked for here and not left to the schemas: a part whose
// author forgot to be strict would otherwise swallow a typing error without a word.
import type { z } from 'zod'
import type { Path } from './problem.ts'

export interface UnknownKey {
  /** Of the key itself. */
  path: Path
  key: string
  /** The keys that are right there. */
  candidates: string[]
}

type Schema = z.core.$ZodType

/** Every key in `value` that no schema has a place for. */
export function unknownKeys(schema: Schema, value: unknown, path: Path = []): UnknownKey[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (Array.isArray(value)) {
    if (def.type === 'array') return value.flatMap((item, index) => unknownKeys(def.element, item, [...path, index]))
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    if (def.type === 'record') return entries.flatMap(([key, item]) => unknownKeys(def.valueType, item, [...path, key]))
    if (def.type === 'object') return entries.flatMap(([key, item]) => inObject(def, key, item, path))
  }
  if (def.type === 'union') {
    // The alternative that fits best is the one that was meant; text or `false` is none for a group of keys.
    const options = def.options.filter((option) => Array.isArray(value) || hasKeys(option))
    const found = options.map((option) => unknownKeys(option, value, path))
    return found.sort((a, b) => a.length - b.length)[0] ?? []
  }
  if (def.type === 'pipe') return unknownKeys(def.in, value, path)
  if (def.type === 'lazy') return unknownKeys(def.getter(), value, path)
  if ('innerType' in def) return unknownKeys(def.innerType, value, path)
  return []
}

function hasKeys(schema: Schema): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'union') return def.options.some(hasKeys)
  if (def.type === 'pipe') return hasKeys(def.in)
  if (def.type === 'lazy') return hasKeys(def.getter())
  return 'innerType' in def ? hasKeys(def.innerType) : def.type === 'object' || def.type === 'record'
}

function inObject(def: z.core.$ZodObjectDef, key: string, item: unknown, path: Path): UnknownKey[] {
  const own = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined
  if (own) return unknownKeys(own, item, [...path, key])
  const open = def.catchall && (def.catchall as z.core.$ZodTypes)._zod.def.type !== 'never'
  return open ? [] : [{ path: [...path, key], key, candidates: Object.keys(def.shape) }]
}
