// The one place that decides who may see and do what: role and grants in, a caller out. Pure, so that it is tested as a table.
import { actions, localCaller, type Action, type Caller, type Grants, type Role } from '../contracts/caller.ts'
import { nothing, type RunsBySource, type Within } from '../contracts/request.ts'
import { LogboomError } from '../contracts/errors.ts'
import { kinds } from '../contracts/record.ts'
import { parseQuery } from '../query/language/parse-query.ts'
import { patternTest } from '../query/match/wildcard.ts'
import type { Route } from '../wire/routes.ts'

export interface Standing extends Grants {
  name: string
  kind: 'user' | 'token'
  actions: readonly Action[]
}

const actionsByRole: Readonly<Record<Role, readonly Action[]>> = {
  viewer: ['read'],
  operator: ['read', 'send', 'control'],
  admin: actions,
}

export function actionsOf(role: Role): readonly Action[] {
  return actionsByRole[role]
}

const actionOfRoute: Readonly<Record<Route['who'], Action | undefined>> = {
  anyone: undefined,
  caller: undefined,
  viewer: 'read',
  sender: 'send',
  agent: 'forward',
  operator: 'control',
  admin: 'administer',
}

/** Whether a caller may use a route at all; what it finds there is another question. */
export function mayUse(caller: Caller, who: Route['who']): boolean {
  const action = actionOfRoute[who]
  return action === undefined || caller.may(action)
}

/** The role that a token comes closest to. */
function roleOf(allowed: readonly Action[]): Role {
  return allowed.includes('administer') ? 'admin' : allowed.includes('control') ? 'operator' : 'viewer'
}

const noRuns: RunsBySource = new Map()

/** `ownRuns` count with `ownJobs` alone; those that are added later count, too. */
export function decide(standing: Standing, ownRuns: RunsBySource = noRuns): Caller {
  const { name, kind, actions: allowed, sources, kinds: seen, ownJobs } = standing
  // Admins, who give out grants, could give them to themselves.
  if (kind === 'user' && allowed.includes('administer')) return { ...localCaller, name, kind }
  const tests = sources.map((pattern) => patternTest({ text: pattern, wildcard: pattern.includes('*') }))
  const isGranted = (source: string): boolean => tests.some((test) => test(source))
  return {
    name,
    kind,
    role: roleOf(allowed),
    grants: { sources, kinds: seen, ownJobs },
    within: allowed.includes('read') ? withinOf(standing, ownRuns) : { query: nothing },
    sendsTo: allowed.includes('send') ? sources : [],
    mayRead: (source, ofKind, owner) =>
      allowed.includes('read') &&
      (isGranted(source) || (ownJobs && (owner === undefined ? ownRuns.has(source) : owner === name))) &&
      (ofKind === undefined || seen.includes(ofKind)),
    mayReadAllOf: (source) => allowed.includes('read') && isGranted(source),
    may: (action, source) => allowed.includes(action) && (source === undefined || isGranted(source)),
  }
}

function withinOf({ name, sources, kinds: seen, ownJobs }: Standing, runs: RunsBySource): Within | undefined {
  const parts = sources.map((pattern) => `source:${written(pattern)}`)
  const ofSources = sources.includes('*') ? '' : parts.length === 0 ? nothing : `(${parts.join(' OR ')})`
  const ofKinds = kinds.every((kind) => seen.includes(kind))
    ? ''
    : seen.length === 0
      ? nothing
      : `(${seen.map((kind) => `kind:${kind}`).join(' OR ')})`
  const query = ofSources === nothing ? nothing : [ofSources, ofKinds].filter(Boolean).join(' AND ')
  if (query === '') return undefined
  return ofSources !== '' && ownJobs ? { query, own: { owner: name, runs, query: ofKinds } } : { query }
}

function written(pattern: string): string {
  return pattern.includes('*') ? pattern : quoted(pattern)
}

function quoted(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`
}

/** Throws `request-invalid` for a pattern that the query language would read as something else. */
export function checkPattern(pattern: string): void {
  const fault = (): LogboomError =>
    new LogboomError('request-invalid', `sources: ${JSON.stringify(pattern)} is no pattern of names`, {
      hint: 'Write a name (api), or one with * for any characters (api*); a pattern has no spaces.',
    })
  if (pattern.trim() === '' || pattern.length > 100) throw fault()
  const wanted = { verb: 'source', value: { text: pattern, wildcard: pattern.includes('*') } }
  let query: unknown
  try {
    query = parseQuery(`(source:${written(pattern)})`)
  } catch {
    throw fault()
  }
  if (JSON.stringify(query) !== JSON.stringify({ type: 'condition', condition: wanted })) throw fault()
}
