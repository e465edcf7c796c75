// Everything that decides which lines a page shows, the one query it amounts to, and how the Logs page has it in the address bar.
import { severityNames, streams, type SeverityName, type Stream } from '../../../src/contracts/record.ts'

export interface LogView {
  /** The query bar's text. */
  q: string
  levels: SeverityName[]
  sources: string[]
  stream?: Stream
  /** A time of the query language: `15m`, `2h`. */
  since?: string
  wrap: boolean
  paused: boolean
  /** In the order of event time instead of that of capture. */
  isByTime?: boolean
  /** Shows the lines around this record instead of the newest. */
  at?: number
  /** A query that all lines match besides, as the page is about them alone; none on the Logs page, and in no address. */
  scope?: string
}

const list = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? value.split(',') : [])

function isOneOf<Name extends string>(names: readonly Name[], text: string): text is Name {
  return (names as readonly string[]).includes(text)
}

/** The address's parameters → view; what makes no sense is ignored, an address is never an error. */
export function parseView(search: Record<string, unknown>): LogView {
  const at = Number(search['at'])
  const stream = streams.find((name) => name === search['stream'])
  const since = String(search['since'] ?? '')
  return {
    q: search['q'] === undefined ? '' : String(search['q']),
    levels: list(search['levels']).filter((level) => isOneOf(severityNames, level)),
    sources: list(search['sources']).map(decodeName),
    ...(stream ? { stream } : {}),
    ...(/^[\w:.-]+$/.test(since) ? { since } : {}),
    wrap: isOn(search['wrap']),
    paused: isOn(search['paused']),
    ...(search['order'] === 'time' ? { isByTime: true } : {}),
    ...(Number.isSafeInteger(at) && at > 0 ? { at } : {}),
  }
}

/** View → the address's parameters, only what differs from the plain view. */
export function formatView(view: LogView): Record<string, string> {
  return {
    ...(view.q === '' ? {} : { q: view.q }),
    ...(view.levels.length > 0 ? { levels: view.levels.join(',') } : {}),
    ...(view.sources.length > 0 ? { sources: view.sources.map(encodeName).join(',') } : {}),
    ...(view.stream ? { stream: view.stream } : {}),
    ...(view.since ? { since: view.since } : {}),
    ...(view.wrap ? { wrap: '1' } : {}),
    ...(view.paused ? { paused: '1' } : {}),
    ...(view.isByTime ? { order: 'time' } : {}),
    ...(view.at ? { at: String(view.at) } : {}),
  }
}

const isOn = (value: unknown): boolean => value === '1' || value === 1 || value === true || value === 'true'
const encodeName = (name: string): string => name.replaceAll('%', '%25').replaceAll(',', '%2C')
const decodeName = (name: string): string => name.replaceAll('%2C', ',').replaceAll('%25', '%')

/** A text as one phrase of the query language. */
export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** This level and those that are worse. */
export function levelsFrom(level: SeverityName | undefined): SeverityName[] {
  return level ? severityNames.slice(severityNames.indexOf(level)) : []
}

/** The view's query. The user's own text comes first, so that positions in errors need only `positionInText`. */
export function composeQuery(view: Pick<LogView, 'q' | 'levels' | 'sources' | 'stream' | 'since' | 'scope'>): string {
  const rest = [
    view.scope ?? '',
    anyOf(view.levels.map((level) => `level:${level.toLowerCase()}`)),
    anyOf(view.sources.map((source) => `source:${quoted(source)}`)),
    view.stream ? `stream:${view.stream}` : '',
    view.since ? `since:${view.since}` : '',
  ].filter((part) => part !== '')
  const own = view.q.trim()
  if (own === '') return rest.join(' ')
  return rest.length === 0 ? own : [`(${own})`, ...rest].join(' ')
}

const anyOf = (parts: string[]): string => (parts.length > 1 ? `(${parts.join(' OR ')})` : (parts[0] ?? ''))

/** A position in the composed query → in what the user typed. */
export function positionInText(view: LogView, position: { from: number; to: number }): { from: number; to: number } {
  const lead = view.q.length - view.q.trimStart().length
  const wrapped = composeQuery(view) !== view.q.trim() ? 1 : 0
  const clamp = (at: number): number => Math.max(0, Math.min(view.q.length, at - wrapped + lead))
  const from = Math.min(clamp(position.from), Math.max(0, view.q.length - 1))
  return { from, to: Math.max(from + 1, clamp(position.to)) }
}

/** Words and phrases of a query that are looked for in messages, to be marked there. */
export function searchTerms(text: string): string[] {
  const terms: string[] = []
  for (const match of text.matchAll(/(-?)(?:([\w.]+)(?::|[<>=!]+))?(?:"((?:[^"\\]|\\.)*)"|([^\s()"]+))/g)) {
    const [, negative, field, phrase, word] = match
    if (negative || (field && field !== 'message')) continue
    const term = phrase?.replaceAll(/\\(.)/g, '$1') ?? word ?? ''
    if (term === '' || /^(AND|OR|NOT)$/i.test(term) || term.startsWith('/') || /[:<>=]/.test(term)) continue
    terms.push(term.replaceAll('*', ''))
  }
  return terms.filter((term) => term.length > 1)
}
