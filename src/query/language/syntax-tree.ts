// What a query means, as plain JSON: made by the parser, read by predicate and plan, safe to send to another thread.
import type { Kind, Stream } from '../../contracts/record.ts'

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

/** One test of one record. `verb` names the file in verbs/ that knows all about it. */
export type Condition =
  | {
      verb: 'text'
      /** What must occur in the message, the logger, an id or a field's value. */
      text: string
      /** Only where no letter or digit adjoins: `port:80` is not in `port:8080`. */
      whole?: boolean
      /** Look at the message only. */
      messageOnly?: boolean
    }
  /** `field`: only in the values of that field, which may be `message` or `source`; else it looks where `text` looks. */
  | { verb: 'regexp'; pattern: string; field?: string }
  | { verb: 'field'; name: string; operator: '=' | Ordering; value: Pattern }
  /** A field's number, both inclusive, as written. */
  | { verb: 'range'; name: string; from?: string; to?: string }
  | { verb: 'has'; name: string }
  /** Both inclusive. */
  | { verb: 'level'; from: number; to: number }
  | { verb: 'source'; value: Pattern }
  | { verb: 'session'; value: Pattern }
  | { verb: 'logger'; value: Pattern }
  | { verb: 'stream'; stream: Stream }
  | { verb: 'kind'; kind: Kind }
  /** `id`: what the template's identity begins with; `text`: the template itself where it is known. */
  | { verb: 'template'; id: string; text?: string }
  /** Both inclusive. */
  | { verb: 'run'; from: number; to: number }
  | { verb: 'id'; from: number; to: number }
  | { verb: 'seq'; from: number; to: number }
  /** Unix milliseconds, `from` inclusive, `to` exclusive. */
  | { verb: 'time'; from?: number; to?: number }

export type Ordering = '>' | '>=' | '<' | '<='
export type Operator = '=' | '!=' | Ordering

export const everything: Query = { type: 'all' }

export function condition(value: Condition): Query {
  return { type: 'condition', condition: value }
}

/** Joined flat: `and` in `and` becomes one. */
export function joined(type: 'and' | 'or', items: readonly Query[]): Query {
  const flat = items.flatMap((item) => (item.type === type ? item.items : [item]))
  return flat.length === 1 ? flat[0]! : { type, items: flat }
}
