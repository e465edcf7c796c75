// Values that resist being shown: getters, proxies, toString and toJSON of applications may throw. A placeholder says why, and all else stays.

const mostReason = 200
const mostDepth = 10
/** Values within one value. */
const mostValues = 10_000

/** Placeholder of a value that cannot be shown, e.g. `[cannot be shown: TypeError: no text]`. */
export function cannotBeShown(error: unknown): string {
  return `[cannot be shown: ${reasonText(error)}]`
}

/** A thrown value of any kind, in one line. */
function reasonText(error: unknown): string {
  try {
    const isNamed = typeof error === 'object' && error !== null && 'message' in error
    const text = isNamed ? `${String((error as Error).name)}: ${String(error.message)}` : String(error)
    return text.length > mostReason ? `${text.slice(0, mostReason)}…` : text.replaceAll(/\s+/g, ' ')
  } catch {
    return 'an error that cannot be shown either'
  }
}

/** The result, or undefined where the action throws. */
export function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}

/** A value as the message of a record. */
export function messageText(value: unknown): string {
  try {
    switch (typeof value) {
      case 'string':
        return value
      case 'undefined':
        return ''
      case 'function':
        return `[Function: ${value.name || '(anonymous)'}]`
      case 'object':
        if (value === null) return ''
        return value instanceof Error ? messageText(value.message) : (jsonText(value) ?? '')
      default:
        return String(value)
    }
  } catch (error) {
    return cannotBeShown(error)
  }
}

function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined
  } catch {
    return carefulJson(value)
  }
}

/** Own enumerable properties, with placeholders for values that cannot be read. */
export function readableCopy(object: object): Record<string, unknown> {
  try {
    return { ...object }
  } catch (reason) {
    const copy: Record<string, unknown> = {}
    for (const key of attempt(() => Object.keys(object)) ?? unreadableKeys(copy, reason)) {
      const value = read(object, key)
      Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true })
    }
    return copy
  }
}

/** Of an object that does not even tell its keys nothing is known; field `fields` says so. */
function unreadableKeys(copy: Record<string, unknown>, reason: unknown): string[] {
  copy['fields'] = cannotBeShown(reason)
  return []
}

function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key]
  } catch (error) {
    return cannotBeShown(error)
  }
}

interface Walk {
  /** How many more values are shown. */
  room: number
  /** Objects around the present one. */
  outer: object[]
}

/** JSON text of a value that `JSON.stringify` refuses: parts that cannot be shown are placeholders. Undefined for what JSON has no word for. */
export function carefulJson(value: unknown, walk: Walk = { room: mostValues, outer: [] }): string | undefined {
  try {
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) as string | undefined
    return jsonOfObject(value, walk)
  } catch (error) {
    return JSON.stringify(cannotBeShown(error))
  }
}

function jsonOfObject(given: object, walk: Walk): string | undefined {
  if (walk.outer.includes(given)) return '"[Circular]"'
  if (walk.outer.length >= mostDepth || --walk.room < 0) return '"…"'
  const { toJSON } = given as { toJSON?: unknown }
  walk.outer.push(given)
  try {
    if (typeof toJSON === 'function') return carefulJson(toJSON.call(given), walk)
    if (given instanceof String || given instanceof Number || given instanceof Boolean) return JSON.stringify(given)
    return Array.isArray(given) ? jsonOfArray(given, walk) : jsonOfFields(readableCopy(given), walk)
  } finally {
    walk.outer.pop()
  }
}

function jsonOfArray(values: readonly unknown[], walk: Walk): string {
  const parts: string[] = []
  const { length } = values
  for (let at = 0; at < length; at++) {
    if (--walk.room < 0) {
      parts.push('"…"')
      break
    }
    parts.push(carefulJson(read(values, String(at)), walk) ?? 'null')
  }
  return `[${parts.join(',')}]`
}

function jsonOfFields(fields: Readonly<Record<string, unknown>>, walk: Walk): string {
  const parts: string[] = []
  for (const key of Object.keys(fields)) {
    if (--walk.room < 0) break
    const json = carefulJson(fields[key], walk)
    if (json !== undefined) parts.push(`${JSON.stringify(key)}:${json}`)
  }
  return `{${parts.join(',')}}`
}
