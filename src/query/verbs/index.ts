// All verbs. A new one is its file, its condition in syntax-tree.ts and its line here.
import type { Condition } from '../language/syntax-tree.ts'
import { kind, stream } from './column.ts'
import { field } from './field.ts'
import { has } from './has.ts'
import { level } from './level.ts'
import { logger, session, source } from './name.ts'
import { id, run, seq } from './number.ts'
import { range } from './range.ts'
import { regexp } from './regexp.ts'
import { template } from './template.ts'
import { text } from './text.ts'
import { time } from './time.ts'
import type { Verb } from './verb.ts'

export const verbs: { [V in Condition['verb']]: Verb<Extract<Condition, { verb: V }>> } = {
  text,
  regexp,
  field,
  range,
  has,
  level,
  source,
  session,
  logger,
  stream,
  kind,
  template,
  run,
  id,
  seq,
  time,
}

/** The verb of a condition, which is the right one for it by construction of the table. */
export function verbOf(condition: Condition): Verb<Condition> {
  return verbs[condition.verb] as Verb<Condition>
}
