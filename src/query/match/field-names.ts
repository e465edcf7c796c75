// Names of a record's values: those of the record itself, and the keys of its fields that a dotted name may begin with.

/** Values beside the fields, by their names in lower case: ours, those of OpenTelemetry's JSON, and those of ECS. */
export const ownNames: ReadonlyMap<string, 'logger' | 'traceId' | 'spanId'> = new Map([
  ['logger', 'logger'],
  ['log.logger', 'logger'],
  ['traceid', 'traceId'],
  ['trace_id', 'traceId'],
  ['trace.id', 'traceId'],
  ['spanid', 'spanId'],
  ['span_id', 'spanId'],
  ['span.id', 'spanId'],
])

/**
 * A record that has values under the name has one of these at the top of its fields: a dot may be part of a key. Undefined
 * for what may come from elsewhere.
 */
export function firstKeys(name: string): string[] | undefined {
  if (['message', 'source', 'session', 'fields'].includes(name) || ownNames.has(name.toLowerCase())) return undefined
  return name.startsWith('fields.') ? [...beginnings(name), ...beginnings(name.slice(7))] : beginnings(name)
}

/** `a.b.c` → itself, `a`, `a.b`. */
function beginnings(name: string): string[] {
  const keys = [name]
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) keys.push(name.slice(0, dot))
  return keys
}
