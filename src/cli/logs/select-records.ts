// The records that a command is about: query words and options → a request.
import { LogboomError } from '../../contracts/errors.ts'
import { parseQuery } from '../../query/language/parse-query.ts'
import type { SearchRequest } from '../../contracts/request.ts'
import { parseTimeExpression, timeExamples, unsignedTime } from '../../time/time-expression.ts'

export interface SelectOptions {
  source: string[]
  since?: string
  until?: string
}

/** Throws `request-invalid` and `query-invalid` before anything is opened. */
export function selectRecords(
  words: readonly string[],
  { source, since, until }: SelectOptions,
): Pick<SearchRequest, 'query' | 'since' | 'until'> {
  const text = words.join(' ')
  parseQuery(text)
  const sources = source.map((name) => `source:${/^[\w.*-]+$/.test(name) ? name : JSON.stringify(name)}`)
  const conditions = [text && `(${text})`, sources.length > 0 && `(${sources.join(' OR ')})`].filter(Boolean)
  const query = conditions.length > 1 ? conditions.join(' AND ') : text || sources.join(' OR ')
  const [from, to] = [timeOf('--since', since), timeOf('--until', until)]
  return {
    ...(query ? { query } : {}),
    ...(from === undefined ? {} : { since: from }),
    ...(to === undefined ? {} : { until: to }),
  }
}

function timeOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const time = parseTimeExpression(text, Date.now())
  if (time !== undefined) return time
  const unsigned = unsignedTime(text)
  const hint = unsigned ? `${unsigned} ago is written ${flag} ${unsigned}` : `Say it like one of: ${timeExamples}`
  throw usageError(`${flag} ${JSON.stringify(text)} is no time`, hint)
}

export function usageError(message: string, hint: string): LogboomError {
  return new LogboomError('request-invalid', message, { hint })
}
