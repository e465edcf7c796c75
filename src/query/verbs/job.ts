// `job:ID`: the records of a job, which is a run of a source. Which run is known to the hub alone, so that its name is put in place
// of the condition before a query goes anywhere; `job:` with anything else stays a field.
import type { Operator } from '../language/syntax-tree.ts'
import { formatValue, tokenize, type Token } from '../language/tokens.ts'
import { field } from './field.ts'
import type { Verb } from './verb.ts'

export interface JobRun {
  source: string
  run: number
}

export const job: Verb = {
  ...(field as Verb),
  verb: 'job',
  names: ['job'],
  offered: ['job'],
  detail: 'the lines of a job, by its id',
  recorded: 'jobs',
  // What is left of it when jobs are resolved is a field.
  claims: () => false,
}

/** The records of a run, as a query. */
export function runQuery({ source, run }: JobRun): string {
  return `source:${formatValue(source)} run:${run}`
}

/** The query with each job that `find` knows as the run that it is. */
export function resolveJobs(text: string, find: (jobId: string) => JobRun | undefined): string {
  if (!/job/i.test(text)) return text
  const tokens = tokenize(text, { tolerant: true })
  let resolved = ''
  let at = 0
  /** Operators of the parentheses that the place is in: `job:(a OR b)`. */
  const groups: (Operator | undefined)[] = []
  const replace = (token: Token, operator: Operator, jobId: string, unknown: string): void => {
    const run = find(jobId)
    resolved += text.slice(at, token.from)
    at = token.to
    if (run) resolved += `${operator === '!=' ? '-' : ''}(${runQuery(run)})`
    else resolved += unknown
  }
  tokens.forEach((token, index) => {
    const before = tokens[index - 1]
    if (token.type === 'open') {
      const isOfJobs = isJob(before) && !before.value
      // The name stands before each of its values from here on.
      if (isOfJobs) replace(before, '=', '', '')
      groups.push(isOfJobs ? before.operator : groups.at(-1))
    } else if (token.type === 'close') groups.pop()
    else if (isJob(token) && token.value && token.value.form !== 'regexp')
      replace(token, token.operator, token.value.text, text.slice(token.from, token.to))
    else if ((token.type === 'word' || token.type === 'phrase') && groups.at(-1)) {
      const operator = groups.at(-1)!
      replace(token, operator, token.text, `job${operator === '=' ? ':' : operator}${text.slice(token.from, token.to)}`)
    }
  })
  return resolved + text.slice(at)
}

type Comparison = Extract<Token, { type: 'comparison' }>

const isJob = (token: Token | undefined): token is Comparison =>
  token?.type === 'comparison' &&
  token.name.toLowerCase() === 'job' &&
  (token.operator === '=' || token.operator === '!=')
