// All verbs. A new one is its file and its line here.
import type { Condition } from '../language/syntax-tree.ts'
import { kind, stream } from './column.ts'
import { field } from './field.ts'
import { has } from './has.ts'
import { job } from './job.ts'
import { level } from './level.ts'
import { logger, session, source } from './name.ts'
import { id, run, seq } from './number.ts'
import { ownRuns } from './own-runs.ts'
import { range } from './range.ts'
import { regexp } from './regexp.ts'
import { service } from './service.ts'
import { template } from './template.ts'
import { text } from './text.ts'
import { time } from './time.ts'
import type { Verb } from './verb.ts'

export const verbs: readonly Verb[] = [
  text,
  regexp,
  field,
  range,
  has,
  level,
  source,
  session,
  logger,
  service,
  stream,
  kind,
  template,
  job,
  ownRuns,
  run,
  id,
  seq,
  time,
]

const verbsOfConditions = new Map(verbs.map((each) => [each.verb, each]))

export function verbOf({ verb }: Condition): Verb {
  return verbsOfConditions.get(verb)!
}
