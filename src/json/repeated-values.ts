// JSON objects may have a key twice, and loggers write such: JavaScript's objects keep the last value only.

/** All values of a key that stands in one object several times, in their order; `formatJson` writes each behind its key again. */
export class RepeatedValues extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

/** Hardly any program writes them: until one does, nobody needs to look for them. */
let wereMade = false

export function mayHaveRepeated(): boolean {
  return wereMade
}

export function repeat(first: unknown, second: unknown): RepeatedValues {
  wereMade = true
  const values = new RepeatedValues()
  values.push(first, second)
  return values
}

/** The values of a key: one as a rule, in their order where it repeats. */
export function valuesOfKey(value: unknown): readonly unknown[] {
  return value instanceof RepeatedValues ? value : [value]
}

/** All values but that at `index`; undefined when that was all. */
export function withoutValue(value: unknown, index: number): unknown {
  if (!(value instanceof RepeatedValues)) return undefined
  const rest = value.filter((_, at) => at !== index)
  return rest.length === 1 ? rest[0] : RepeatedValues.from(rest)
}
