// A query as plain JSON: made by the parser, read by predicate and plan, safe to send to another thread.

export type Query =
  | { type: 'all' }
  | { type: 'and' | 'or'; items: Query[] }
  | { type: 'not'; item: Query }
  | { type: 'condition'; condition: Condition }

/** Text to compare with; `wildcard`: each `*` stands for any characters, also none. Letter case never matters. */
export interface Pattern {
  text: string
  wildcard: boolean
}

/** A test of a record, as plain JSON; `verb` says which file in verbs/ knows the rest of it. */
export interface Condition {
  verb: string
}

export type Ordering = '>' | '>=' | '<' | '<='
export type Operator = '=' | '!=' | Ordering

export const everything: Query = { type: 'all' }

export function condition<C extends Condition>(value: C): Query {
  return { type: 'condition', condition: value }
}

/** Joined flat: `and` in `and` becomes one. */
export function joined(type: 'and' | 'or', items: readonly Query[]): Query {
  const flat = items.flatMap((item) => (item.type === type ? item.items : [item]))
  return flat.length === 1 ? flat[0]! : { type, items: flat }
}
