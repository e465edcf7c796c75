// Options of a stream (SPEC B7), from the parameters of its address or a message, as a query.
import { LogboomError } from '../contracts/errors.ts'
import { levelExamples, parseSeverity, severityName, type SeverityName } from '../contracts/record.ts'
import type { DialectLevel } from '../wire/dialect-messages.ts'

export interface StreamOptions {
  query: string
  /** The level that was asked for; true: those that are shown anyway. */
  shown: true | SeverityName
  after?: number
  replay?: number
  isBatched: boolean
  /** Messages say how far they go, for clients that mean to resume. */
  hasCursors: boolean
}

const maxReplay = 10_000

/** Parameters that nobody knows are passed over: clients of the original systems may have some. Throws `request-invalid`. */
export function readOptions(parameters: URLSearchParams): StreamOptions {
  const given = (name: string): string | undefined => parameters.get(name) || undefined
  const conditions = [
    nameCondition('logger', given('logger')),
    nameCondition('source', given('source')),
    given('text') === undefined ? '' : quote(given('text')!),
  ]
  const after = numberIn(parameters, 'after', Number.MAX_SAFE_INTEGER)
  const replay = numberIn(parameters, 'replay', maxReplay)
  return {
    query: conditions.filter(Boolean).join(' '),
    shown: isOn(parameters, 'debug') ? 'DEBUG' : (levelNamed(given('level')) ?? true),
    ...(after === undefined ? {} : { after }),
    ...(replay === undefined ? {} : { replay }),
    isBatched: isOn(parameters, 'batch'),
    hasCursors: after !== undefined || isOn(parameters, 'cursors'),
  }
}

/** The names that dialects have for levels. */
export function levelOf(level: SeverityName): DialectLevel {
  return level === 'TRACE' ? 'DEBUG' : level
}

function isOn(parameters: URLSearchParams, name: string): boolean {
  const value = parameters.get(name)
  if (value === null || value === 'false' || value === '0') return false
  if (value === 'true' || value === '1' || value === '') return true
  throw refusal(`${name}: ${value} means nothing`, `Right would be ${name}=true or ${name}=false.`)
}

function levelNamed(name: string | undefined): SeverityName | undefined {
  if (name === undefined) return undefined
  const severity = parseSeverity(name)
  if (severity === undefined) throw refusal(`level: there is no level ${name}`, `Right would be ${levelExamples}.`)
  return severityName(severity)
}

/** `*` stays a wildcard where the name is one word of the query language; several names stand behind commas. */
function nameCondition(verb: string, names: string | undefined): string {
  if (names === undefined) return ''
  const conditions = names.split(',').map((name) => `${verb}:${/^[\w*.@/-]+$/.test(name) ? name : quote(name)}`)
  return conditions.length === 1 ? conditions[0]! : `(${conditions.join(' OR ')})`
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function numberIn(parameters: URLSearchParams, name: string, most: number): number | undefined {
  const text = parameters.get(name)
  if (text === null) return undefined
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN
  if (value <= most) return value
  throw refusal(`${name}: ${text} is no number from 0 to ${most}`, `Right would be ${name}=100.`)
}

function refusal(message: string, hint: string): LogboomError {
  return new LogboomError('request-invalid', message, { hint })
}
