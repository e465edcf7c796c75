// Every route of the table, over its transport, for every kind of caller: who comes in, and that what is not granted is not there,
// so that its answers are those about a source that does not exist.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { before, test } from 'node:test'
import { WebSocket } from 'ws'
import { actionsOf } from '../access/decide.ts'
import type { CallerView } from '../contracts/access.ts'
import type { Action } from '../contracts/caller.ts'
import type { Source } from '../contracts/source.ts'
import type { FollowFrame } from '../wire/follow-frame.ts'
import type { SourceView } from '../wire/hub-view.ts'
import { routes, type Route, type RouteName } from '../wire/routes.ts'
import { ask, openTestServer, tryUpgrade, type RawAnswer, type TestHub } from './server-harness.ts'

const { storage, hub, server } = await openTestServer()
const { url } = server
/** Of one length, so that places in queries are the same. */
const own = 'web'
const foreign = 'vault'
const nowhere = 'nowhr'
const needle = 'needle-5d1c'
const needed: Readonly<Record<Route['who'], Action | undefined>> = {
  anyone: undefined,
  caller: undefined,
  viewer: 'read',
  sender: 'send',
  agent: 'forward',
  operator: 'control',
  admin: 'administer',
}

interface Asker {
  headers: Record<string, string>
  may: readonly Action[]
  /** Sees and controls `web` alone. */
  isLimited: boolean
}

const askers: Record<string, Asker> = {}
const ids: Record<string, number> = {}

before(async () => {
  addSource(hub, foreign)
  await hub.log(`${needle} of web`)
  const push = async (source: string, kind: 'system' | 'audit'): Promise<void> => {
    const entry = { message: `${needle} of ${source}`, kind, extras: { fields: { secretField: `value of ${source}` } } }
    await storage.ofSource(source).push({ run: 1, pid: 1 }, [entry])
    ids[source] = storage.head()
  }
  await push(foreign, 'system')
  await push(own, 'audit')
  ids[own] = 1
  ids[nowhere] = 1_000_000

  const { access } = hub
  const signedIn = async (name: string): Promise<Record<string, string>> => {
    const { session } = await access.signIn({ link: access.addLink(name) }, '127.0.0.1')
    return { cookie: `${access.cookieName}=${session}` }
  }
  for (const role of ['admin', 'viewer', 'operator'] as const) {
    await access.addUser({ name: role, role, sources: [own] })
    askers[role] = { headers: await signedIn(role), may: actionsOf(role), isLimited: role !== 'admin' }
  }
  for (const action of ['read', 'send', 'control'] as const) {
    const { token } = access.addToken({ name: `token-${action}`, actions: [action], sources: [own] })
    askers[`token-${action}`] = { headers: { authorization: `Bearer ${token}` }, may: [action], isLimited: true }
  }
  const { token } = access.addToken({ name: 'old', actions: ['read'] })
  access.revokeToken('old')
  askers.local = { headers: { authorization: `Bearer ${access.localKey}` }, may: actionsOf('admin'), isLimited: false }
  askers.nobody = { headers: {}, may: [], isLimited: true }
  askers.revoked = { headers: { authorization: `Bearer ${token}` }, may: [], isLimited: true }
  askers.nonsense = { headers: { authorization: 'Basic bWlhOnNlY3JldA==' }, may: [], isLimited: true }
})

function addSource({ sources, status }: TestHub, name: string): void {
  const view: SourceView = { ...sources.get('web')!.status(), name, title: name }
  const source: Source = { ...sources.get('web')!, status: () => view, processes: () => Promise.resolve([]) }
  ;(sources as Map<string, Source>).set(name, source)
  hub.status = () => ({
    hub: { ...status().hub, trouble: [`${name} is in trouble`] },
    sources: [...status().sources, view],
  })
  // As the hub does it, which has more of them to choose from.
  hub.control = ({ targets = [] }, granted) => Promise.resolve(targets.filter(granted).map((each) => ({ name: each })))
}

const isKnown = ({ may }: Asker): boolean => may.length > 0

function expected({ who }: Route, asker: Asker): 'open' | 401 | 403 {
  if (who === 'anyone') return 'open'
  if (!isKnown(asker)) return 401
  const action = needed[who]
  return action === undefined || asker.may.includes(action) ? 'open' : 403
}

/** What is asked of a route about a source; a route that is not here is asked with what all of them might take. */
const queries: Partial<Record<RouteName, (source: string) => Record<string, string>>> = {
  search: (source) => ({ query: `source:${source} ${needle}` }),
  summary: (source) => ({
    query: `source:${source}`,
    facets: 'source,kind,secretField',
    templates: '9',
    fields: 'true',
  }),
  complete: (source) => ({ query: `source:${source.slice(0, 3)}` }),
  context: (source) => ({ id: String(ids[source]) }),
  export: (source) => ({ query: `source:${source}` }),
  follow: (source) => ({ query: `source:${source}` }),
  ingest: (source) => ({ source }),
}
const bodies: Partial<Record<RouteName, (source: string) => object | string>> = {
  controlMany: (source) => ({ action: 'restart', targets: [source] }),
  scale: (source) => ({ name: source, instances: 1 }),
  ingest: (source) => `sent to ${source}`,
}
/** These end what the others need. */
const destructive: readonly RouteName[] = ['shutdown', 'signOut', 'removeUser', 'changeUser', 'revokeToken']

async function askAbout(name: RouteName, source: string, { headers }: Asker): Promise<RawAnswer> {
  const { method, path } = routes[name]
  const target = path.replaceAll(/:(\w+)/g, (_, key: string) => (key === 'action' ? 'restart' : source))
  const body = bodies[name]?.(source) ?? {}
  const words = new URLSearchParams(queries[name]?.(source))
  const address = `${url}${target}?${words}`
  if (name === 'follow') return await readEvents(address, headers)
  if (method === 'GET') return await ask(address, { headers })
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  return await ask(address, {
    method,
    headers: { ...headers, 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** Until it is live, or refused. */
async function readEvents(address: string, headers: Record<string, string>): Promise<RawAnswer> {
  const abort = new AbortController()
  const response = await fetch(address, { headers, signal: abort.signal })
  let body = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body!) {
    body += decoder.decode(bytes, { stream: true })
    if (body.includes('"type":"live"')) break
  }
  abort.abort()
  return { status: response.status, headers: {}, body }
}

/** Orchestrators are told in the words that their clients know. */
function refusal(name: RouteName, status: 401 | 403): RegExp {
  if (routes[name].path.startsWith('/api/internal/')) return status === 401 ? /"Unauthorized"/ : /may not do this/
  return status === 401 ? /"sign-in-needed"/ : /"not-allowed"/
}

const httpRoutes = (Object.keys(routes) as RouteName[]).filter((name) => routes[name].method !== 'WebSocket')
const sockets = (Object.keys(routes) as RouteName[]).filter((name) => routes[name].method === 'WebSocket')

test('every route lets in who may use it, and says to others what is missing', async () => {
  for (const name of httpRoutes)
    for (const [who, asker] of Object.entries(askers)) {
      const wanted = expected(routes[name], asker)
      if (wanted === 'open' && destructive.includes(name)) continue
      const { status, body } = await askAbout(name, own, asker)
      if (wanted === 'open')
        assert.ok(![401, 403].includes(status) || name === 'signIn', `${name} ${who}: ${status} ${body}`)
      else {
        assert.equal(status, wanted, `${name} ${who}: ${body}`)
        assert.match(body, refusal(name, wanted))
      }
    }
})

test('a source that is not granted is one that does not exist', async () => {
  // Attempts to sign in are about no source, and are counted.
  for (const name of httpRoutes.filter((each) => each !== 'signIn'))
    for (const [who, asker] of Object.entries(askers)) {
      if (!asker.isLimited || (destructive.includes(name) && expected(routes[name], asker) === 'open')) continue
      const answers = [await askAbout(name, foreign, asker), await askAbout(name, nowhere, asker)]
      const [hidden, absent] = answers.map(({ status, body }) => ({
        status,
        body: body.replaceAll(new RegExp(`${foreign}|${nowhere}`, 'g'), 'X').replaceAll(/record \d+/g, 'record'),
      }))
      assert.deepEqual(hidden, absent, `${name} ${who}`)
      assert.ok(!hidden!.body.includes(`${needle} of X`), `${name} ${who}: ${hidden!.body}`)
    }
})

test('no answer to a question about everything has anything of a source, or of a kind, that is not granted', async () => {
  const about: [RouteName, Record<string, string>][] = [
    ['hub', {}],
    ['sources', {}],
    ['store', {}],
    ['search', {}],
    ['search', { order: 'latest' }],
    ['search', { query: `${needle} OR source:*` }],
    ['search', { query: `NOT nothing` }],
    ['summary', { facets: 'source,kind,secretField', templates: '9', fields: 'true' }],
    ['summary', { progress: 'true', facets: 'source' }],
    ['complete', { query: 'source:' }],
    ['complete', { query: '' }],
    ['complete', { query: 'secretField:' }],
    ['context', { id: '1', scope: 'all' }],
    ['export', {}],
    ['export', { format: 'text' }],
    ['follow', {}],
    ['follow', { after: '0' }],
    ['follow', { collapse: 'adjacent' }],
  ]
  const asked = async (name: RouteName, words: Record<string, string>, { headers }: Asker): Promise<string> => {
    const address = `${url}${routes[name].path}?${new URLSearchParams(words)}`
    return (await (name === 'follow' ? readEvents(address, headers) : ask(address, { headers }))).body
  }
  const tells = /vault|"audit"|value of web/
  let told = 0
  for (const [name, words] of about) {
    if (tells.test(await asked(name, words, askers.admin!))) told++
    for (const who of ['viewer', 'token-read'])
      assert.doesNotMatch(await asked(name, words, askers[who]!), tells, `${name} ${who} ${JSON.stringify(words)}`)
  }
  assert.ok(told >= 12, `of ${about.length} questions only ${told} have anything to hide`)
  const { count } = JSON.parse(await asked('summary', {}, askers.viewer!)) as { count: number }
  assert.equal(count, 1)
})

test('an error in a query tells the place in what was asked', async () => {
  const { status, body } = await ask(`${url}/api/v1/search?query=web+(`, { headers: askers.viewer!.headers })
  assert.equal(status, 400)
  assert.deepEqual((JSON.parse(body) as { error: { position: object } }).error.position, { from: 4, to: 5 })
  for (const trick of ['web) OR (source:*', '") OR (source:*', 'source:* OR "'])
    assert.doesNotMatch(
      (await ask(`${url}/api/v1/search?${new URLSearchParams({ query: trick })}`, { headers: askers.viewer!.headers }))
        .body,
      /vault/,
    )
})

test('every upgrade lets in who may use it, and shows nothing else', async () => {
  for (const name of sockets)
    for (const [who, asker] of Object.entries(askers)) {
      const wanted = expected(routes[name], asker)
      const first = await tryUpgrade(url, routes[name].path, asker.headers)
      assert.match(first, wanted === 'open' ? / 101 / : new RegExp(` ${wanted} `), `${name} ${who}`)
      // Whoever only takes in tells nothing.
      if (wanted !== 'open' || routes[name].who === 'sender' || routes[name].who === 'agent') continue
      const frames = JSON.stringify(await readFrames(name, asker))
      if (asker.isLimited) assert.doesNotMatch(frames, /vault|"audit"/, `${name} ${who}`)
      else assert.match(frames, /vault/, `${name} ${who}`)
    }
})

async function readFrames(name: RouteName, { headers }: Asker): Promise<FollowFrame[]> {
  const socket = new WebSocket(url.replace('http', 'ws') + routes[name].path, { headers })
  const frames: FollowFrame[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.once('open', () => socket.send('{"after":0}'))
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as FollowFrame)
    if (['live', 'status', 'error'].includes(frames.at(-1)!.type)) resolve()
  })
  await promise
  socket.terminate()
  return frames
}

test('streams end when the rights of their caller change, and those of others go on', async () => {
  const { access } = hub
  const { token } = access.addToken({ name: 'short', actions: ['read'] })
  const headers = { authorization: `Bearer ${token}` }
  const open = async (path: string, of: Record<string, string>): Promise<WebSocket> => {
    const socket = new WebSocket(url.replace('http', 'ws') + path, { headers: of })
    await once(socket, 'open')
    return socket
  }
  const [following, status, other] = await Promise.all([
    open('/api/v1/follow', headers),
    open('/api/v1/status', headers),
    open('/api/v1/follow', askers.viewer!.headers),
  ])
  const events = await fetch(`${url}/api/v1/follow`, { headers })
  const closed = [following, status].map((socket) => once(socket, 'close'))
  access.revokeToken('short')
  for (const [code] of await Promise.all(closed)) assert.equal(code, 1008)
  assert.match(await events.text(), /"sign-in-needed"/)
  assert.equal(other.readyState, other.OPEN)
  const [code] = await Promise.all([once(other, 'close'), access.changeUser({ name: 'viewer', sources: ['web', 'x'] })])
  assert.equal(code[0], 1008)
})

test('an export under way is cut off when it may not be seen any more', async () => {
  const { access } = hub
  // More than what sockets hold.
  for (let i = 0; i < 30; i++) await hub.log(...Array.from({ length: 1000 }, () => 'x'.repeat(1000)))
  const { token } = access.addToken({ name: 'export', actions: ['read'] })
  const answer = await fetch(`${url}/api/v1/export`, { headers: { authorization: `Bearer ${token}` } })
  const reader = answer.body!.getReader()
  await reader.read()
  access.revokeToken('export')
  const readAll = async (): Promise<void> => {
    while (!(await reader.read()).done);
  }
  await assert.rejects(readAll(), /terminated|aborted|closed/)
})

test('records that name sources which are not granted go where the request says, as data', async () => {
  const { token } = hub.access.addToken({ name: 'agents', actions: ['send'], sources: ['http', 'agent-*'] })
  const send = (words: string, body: string): Promise<RawAnswer> =>
    ask(`${url}/api/v1/ingest?${words}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body,
    })
  const lines = ['agent-1', 'elsewhere', 'logboom'].map((source) =>
    JSON.stringify({ source, message: `sent as ${source}` }),
  )
  assert.equal((await send('', lines.join('\n'))).status, 200)
  assert.equal((await send('source=elsewhere', '{}')).status, 403)
  const { body } = await ask(`${url}/api/v1/search?query=%22sent+as%22&order=oldest`, askers.local)
  const { records } = JSON.parse(body) as { records: { source: string; message: string }[] }
  assert.deepEqual(Object.fromEntries(records.map(({ source, message }) => [message, source])), {
    'sent as agent-1': 'agent-1',
    'sent as elsewhere': 'http',
    'sent as logboom': 'http',
  })
})

test('what is done is audited with who did it, without secrets', async () => {
  hub.audited.splice(0)
  const post = (path: string, body: object, headers: Record<string, string>): Promise<RawAnswer> =>
    ask(url + path, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const admin = askers.admin!.headers
  await post('/api/v1/users', { name: 'eve', password: 'correct horse' }, admin)
  await post('/api/v1/users', { name: 'eve' }, admin)
  await post('/api/v1/sign-in', { name: 'eve', password: 'wrong horse' }, {})
  const { headers } = await post('/api/v1/sign-in', { name: 'eve', password: 'correct horse' }, {})
  assert.match(
    String(headers['set-cookie']),
    /^logboom_\w+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
  )
  const cookie = String(headers['set-cookie']).split(';')[0]!
  await post('/api/v1/me/password', { password: 'wrong horse', newPassword: 'another horse' }, { cookie })
  await post('/api/v1/me/password', { password: 'correct horse', newPassword: 'another horse' }, { cookie })
  const own = JSON.parse((await ask(`${url}/api/v1/me`, { headers: { cookie } })).body) as CallerView
  assert.deepEqual(
    [own.name, own.hasPassword, own.sources, own.kinds, own.ownJobs],
    ['eve', true, ['*'], ['system', 'event', 'gap'], false],
  )
  await post('/api/v1/sign-out', {}, { cookie })
  assert.equal((await ask(`${url}/api/v1/me`, { headers: { cookie } })).status, 401)
  const again = await post('/api/v1/sign-in', { name: 'eve', password: 'another horse' }, {})
  await post('/api/v1/users/sign-out', { name: 'eve' }, admin)
  const ended = String(again.headers['set-cookie']).split(';')[0]!
  assert.equal((await ask(`${url}/api/v1/me`, { headers: { cookie: ended } })).status, 401)
  await post('/api/v1/sources/web/restart', {}, askers.operator!.headers)
  await ask(`${url}/api/v1/export`, askers.admin)
  assert.deepEqual(
    hub.audited.map(({ who, action, error }) => [who, action, (error as { code?: string } | undefined)?.code]),
    [
      ['admin', 'user_add', undefined],
      ['admin', 'user_add', 'already-there'],
      ['eve', 'sign_in', 'sign-in-refused'],
      ['eve', 'sign_in', undefined],
      ['eve', 'password_change', 'sign-in-refused'],
      ['eve', 'password_change', undefined],
      ['eve', 'sign_out', undefined],
      ['eve', 'sign_in', undefined],
      ['admin', 'user_sign_out', undefined],
      ['operator', 'control', undefined],
      ['admin', 'export', undefined],
    ],
  )
  assert.doesNotMatch(JSON.stringify(hub.audited), /horse/)
})
