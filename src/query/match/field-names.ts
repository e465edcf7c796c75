// Names of a record's values: those of the record itself, and the keys of its fields that a dotted name may begin with.

/** Values beside the fields, by their names in lower case. */
export const ownNames: ReadonlyMap<string, 'logger' | 'traceId' | 'spanId'> = new Map([
  ['logger', 'logger'],
  ['traceid', 'traceId'],
  ['trace_id', 'traceId'],
  ['spanid', 'spanId'],
  ['span_id', 'spanId'],
])

/**
 * A record that has values under the name has one of these at the top of its fields: a dot may be part of a key. Undefined
 * for what may come from elsewhere.
 */
export function firstKeys(name: string): string[] | undefined {
  if (['message', 'source', 'session', 'fields'].includes(name) || ownNames.has(name.toLowerCase())) return undefined
  const keys = [name]
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) keys.push(name.slice(0, dot))
  if (name.startsWith('fields.')) keys.push(...(firstKeys(name.slice(7)) ?? [name.slice(7)]))
  return keys
}
