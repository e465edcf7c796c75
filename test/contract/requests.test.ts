// What every route answers to what it cannot mean: a table made from the table of routes, so that a new route or parameter is
// in it as soon as it is there. The answer is 400, names the place, and says in people's words what would be right.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { ask, openTestServer } from '../../src/server/server-harness.ts'
import { parametersOf } from '../../src/server/parse-request.ts'
import type { ErrorBody } from '../../src/wire/hub-view.ts'
import { requestShapes } from '../../src/wire/request-shapes.ts'
import { routes, type RouteName } from '../../src/wire/routes.ts'

const { server, hub } = await openTestServer()
const huge = '99999999999999999999'

/** Values that mean nothing, by kinds of parameters; each as text, as which an address has it. */
const wrongOf = {
  whole: ['', '-1', '1.5', 'many', huge, 'NaN', 'Infinity', '1e3', 'null', '0x10', ' 1'],
  counted: ['', '-1', '0', '1.5', 'many', huge],
  time: ['', 'soon', '-5m', '99:99', '2025-02-30', 'NaN', 'null', '{}'],
  flag: ['', 'yes', '1', 'TRUE', 'null'],
  choice: ['', 'sideways', 'null', '1'],
  place: ['', 'x', '1', '1,', ',1', '1,2,3', '1,1.5', huge],
  label: ['', 'x'.repeat(300)],
  labels: ['', ',', 'x'.repeat(300), Array.from({ length: 21 }, (_, index) => `f${index}`).join()],
  source: ['', 'logboom', 'x'.repeat(300), 'a\u0000'],
  text: ['x'.repeat(11_000), '(', 'level:('],
  age: ['', '-1', 'old', '5'],
  size: ['', '-1', 'big'],
  any: [],
  secret: [],
  list: [],
  someOf: [],
}
/** Values of JSON that mean nothing, likewise. */
const wrongInJson: Partial<Record<keyof typeof wrongOf, unknown[]>> = {
  whole: [null, '', '1', -1, 1.5, 1e30, true, [], {}],
  counted: [null, '', '1', -1, 0, 1.5, 1e30, true, [], {}],
  flag: [null, 'true', 1, [], {}],
  choice: [null, '', 1, [], {}, 'sideways'],
  label: [null, 1, [], {}, ''],
  labels: [null, 'a', 1, {}, [1], [null], ['x'.repeat(300)]],
  age: [null, 5, [], {}, 'old'],
  size: [null, 5, [], {}, 'big'],
  secret: [null, 1, [], {}, 'x'.repeat(5000)],
  list: [null, 'a', 1, {}, [1], [null], [''], ['x'.repeat(300)]],
  someOf: [null, 'a', 1, {}, [1], [null], [''], ['sideways']],
}
type Kind = keyof typeof wrongOf
/** Of every parameter of every route; what differs between routes stands with the route. */
const kinds: Record<string, Kind> = {
  query: 'text',
  after: 'whole',
  before: 'whole',
  since: 'time',
  until: 'time',
  from: 'time',
  to: 'time',
  bucketMs: 'counted',
  order: 'choice',
  limit: 'whole',
  past: 'place',
  facets: 'labels',
  facetLimit: 'whole',
  templates: 'whole',
  fields: 'flag',
  progress: 'flag',
  id: 'whole',
  scope: 'choice',
  cursor: 'whole',
  format: 'choice',
  utc: 'flag',
  source: 'source',
  run: 'counted',
  job: 'label',
  owner: 'label',
  batch: 'label',
  rateLimit: 'counted',
  collapse: 'choice',
  slow: 'choice',
  keep: 'flag',
  action: 'choice',
  targets: 'labels',
  all: 'flag',
  instances: 'counted',
  age: 'age',
  size: 'size',
  dryRun: 'flag',
  name: 'label',
  status: 'label',
  session: 'label',
  password: 'secret',
  newPassword: 'secret',
  link: 'secret',
  everywhere: 'flag',
  role: 'choice',
  sources: 'list',
  kinds: 'someOf',
  actions: 'someOf',
  ownJobs: 'flag',
  lifetime: 'age',
  'jobs source': 'label',
  'runs source': 'label',
  'sessions source': 'label',
  'jobs past': 'label',
  'runs past': 'label',
  'sessions past': 'label',
  'scale name': 'label',
  'complete query': 'any',
  'retain source': 'label',
  'setRetention source': 'label',
  shown: 'choice',
  captured: 'choice',
  'setService shown': 'flag',
  'setService captured': 'flag',
}
/** What a request needs beside the parameter that is wrong. */
const needed: Partial<Record<RouteName, Record<string, unknown>>> = {
  context: { id: 1 },
  controlMany: { action: 'stop', targets: ['web'] },
  scale: { name: 'web', instances: 2 },
  addUser: { name: 'mia' },
  changeUser: { name: 'mia' },
  removeUser: { name: 'mia' },
  endSessions: { name: 'mia' },
  changeOwnPassword: { newPassword: 'correct horse battery' },
  addLink: { name: 'mia' },
  addToken: { name: 'board', actions: ['read'] },
  revokeToken: { name: 'board' },
}
const inPath = { name: 'web', action: 'stop' }

interface Case {
  what: string
  path: string
  method: string
  /** JSON, where there is one. */
  body?: unknown
  headers?: Record<string, string>
  /** What the message must name; else it is about the whole. */
  named?: string
}

const pathOf = (name: RouteName): string =>
  routes[name].path.replaceAll(/:(\w+)/g, (_, key: string) => inPath[key as keyof typeof inPath])
const addressOf = (name: RouteName, parameters: readonly [string, unknown][]): string =>
  `${pathOf(name)}?${new URLSearchParams(parameters.map(([key, value]) => [key, String(value)]))}`

/** Those that may be given beside the path. */
function parametersBeside(name: RouteName): string[] {
  return parametersOf(name).filter((parameter) => !routes[name].path.includes(`:${parameter}`))
}

function* casesOf(name: RouteName): Generator<Case> {
  const { method, path } = routes[name]
  if (method === 'WebSocket') return
  const base = needed[name] ?? {}
  const kindOf = (parameter: string): Kind => {
    const kind = kinds[`${name} ${parameter}`] ?? kinds[parameter]
    assert.ok(kind, `${name}: say in this test of what kind ${parameter} is`)
    return kind
  }
  const isInAddress = method === 'GET' || name === 'ingest'
  const headers = name === 'ingest' ? { 'content-type': 'text/plain' } : { 'content-type': 'application/json' }
  const parameters = parametersBeside(name)
  yield* ['nothing', 'constructor', '__proto__', 'Limit'].map((wrong): Case => ({
    what: 'unknown',
    path: addressOf(name, [...(isInAddress ? Object.entries(base) : []), [wrong, '1']]),
    method,
    headers,
    ...(isInAddress ? {} : { body: base }),
    named: wrong,
  }))
  if (isInAddress) {
    for (const parameter of parameters) {
      const others = Object.entries(base).filter(([key]) => key !== parameter)
      for (const value of wrongOf[kindOf(parameter)])
        yield {
          what: `${parameter}=${value.slice(0, 30)}`,
          path: addressOf(name, [...others, [parameter, value]]),
          method,
          headers,
          named: parameter,
        }
      const isMany = kindOf(parameter) === 'labels'
      const repeated = [parameter, base[parameter] ?? '1'] as [string, unknown]
      if (!isMany)
        yield {
          what: 'repeated',
          path: addressOf(name, [...others, repeated, repeated]),
          method,
          headers,
          named: parameter,
        }
    }
    for (const parameter of Object.keys(base))
      yield {
        what: 'missing',
        path: addressOf(
          name,
          Object.entries(base).filter(([key]) => key !== parameter),
        ),
        method,
        named: parameter,
      }
    return
  }
  const post = (what: string, body: unknown, named?: string): Case => ({
    what,
    path: pathOf(name),
    method,
    headers,
    body,
    ...(named ? { named } : {}),
  })
  for (const body of [null, [], [base], 'text', 1, true]) yield post(`body ${JSON.stringify(body)}`, body)
  yield post('unknown', { ...base, nothing: 1 }, 'nothing')
  if (path.includes(':')) yield post('again what the path says', { ...inPath }, 'name')
  for (const parameter of parameters) {
    const wrong = wrongInJson[kindOf(parameter)]
    assert.ok(wrong, `${name}: ${parameter} has no wrong values in JSON`)
    for (const value of wrong) yield post(JSON.stringify(value), { ...base, [parameter]: value }, parameter)
  }
  for (const parameter of Object.keys(base)) {
    const { [parameter]: _, ...others } = base
    yield post('missing', others, parameter)
  }
}

/** Words of the library that checks, which tell people nothing. */
const jargon = /invalid input|expected|received|unrecognized|undefined|NaN|zod|too (small|big)/i

async function assertRefused({ what, path, method, body, headers = {}, named }: Case): Promise<void> {
  const hasBody = body !== undefined
  const answer = await ask(server.url + path, {
    method,
    headers: hasBody
      ? headers
      : Object.fromEntries(Object.entries(headers).filter(() => method === 'POST' && path.includes('ingest'))),
    ...(hasBody ? { body: JSON.stringify(body) } : {}),
  })
  const where = `${method} ${path.slice(0, 120)} ${hasBody ? JSON.stringify(body).slice(0, 100) : ''} (${what})`
  assert.equal(answer.status, 400, `${where}: ${answer.body.slice(0, 300)}`)
  const { error } = JSON.parse(answer.body) as { error: ErrorBody }
  assert.match(error.code, /^(request|query)-invalid$/, where)
  assert.doesNotMatch(error.message.replaceAll(named ?? ' ', ''), jargon, where)
  assert.ok(error.hint.length > 10, where)
  if (named && error.code === 'request-invalid')
    assert.ok(error.message.startsWith(named), `${where}: ${error.message}`)
  assert.ok(error.message.length < 700, `${where}: ${error.message}`)
}

for (const name of Object.keys(routes) as RouteName[]) {
  // Orchestrators have shapes and errors of their own: test/system/job-logs.test.ts.
  if (routes[name].method === 'WebSocket' || routes[name].path.startsWith('/api/internal/')) continue
  test(`${routes[name].method} ${routes[name].path} refuses what it cannot mean`, async () => {
    const before = [hub.actions.length, hub.closings.length]
    const cases = [...casesOf(name)]
    assert.ok(cases.length >= 4)
    for (const each of cases) await assertRefused(each)
    assert.deepEqual([hub.actions.length, hub.closings.length], before, 'and nothing is done')
  })
}

test('a WebSocket takes no parameters in its address', async () => {
  for (const { method, path } of Object.values(routes)) {
    if (method !== 'WebSocket') continue
    const { status, body } = await refusedUpgrade(`${path}?after=&limit=`)
    assert.deepEqual([status, (JSON.parse(body) as { error: ErrorBody }).error.code], [400, 'request-invalid'])
    assert.match(body, /after.*limit.*address/)
  }
})

test('a message on the WebSocket of follow is told what is wrong in it, and the socket goes on', async () => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}${routes.followSocket.path}`)
  await once(socket, 'open')
  const wrong: [message: unknown, named: string][] = [
    [null, 'The request'],
    [[], 'The request'],
    ['text', 'The request'],
    [{ nothing: 1 }, 'nothing'],
    [{ after: -1 }, 'after'],
    [{ after: '' }, 'after'],
    [{ limit: 1.5 }, 'limit'],
    [{ limit: 10_001 }, 'limit'],
    [{ limit: null }, 'limit'],
    [{ rateLimit: 0 }, 'rateLimit'],
    [{ collapse: 'all' }, 'collapse'],
    [{ slow: 1 }, 'slow'],
    [{ query: 1 }, 'query'],
  ]
  for (const [message, named] of wrong) {
    const answered = once(socket, 'message') as Promise<[Buffer]>
    socket.send(JSON.stringify(message))
    const { type, error } = JSON.parse(String((await answered)[0])) as { type: string; error: ErrorBody }
    assert.deepEqual([type, error.code], ['error', 'request-invalid'], JSON.stringify(message))
    assert.ok(error.message.startsWith(named), error.message)
    assert.doesNotMatch(error.message, jargon)
  }
  socket.close()
  await once(socket, 'close')
})

test('messages say what is right', async () => {
  const messageOf = async (path: string): Promise<string> =>
    (JSON.parse((await ask(`${server.url}/api/v1/${path}`)).body) as { error: ErrorBody }).error.message
  const cases: [path: string, message: string | RegExp][] = [
    ['search?limit=-1', 'limit must be a whole number from 0 to 10000'],
    ['search?after=1.5', 'after must be a whole number'],
    [`search?after=${huge}`, 'after must be a whole number of at most 9007199254740991'],
    ['search?limit=1&limit=2', 'limit is given more than once'],
    ['search?order=up', 'order must be newest, oldest, latest or earliest'],
    ['search?past=1,2', 'past goes with the order latest or earliest alone; by id it is before or after'],
    ['search?limt=5', /^limt is not known here; known are query, after, before, /],
    ['hub?x=1', 'x is not known here, where nothing can be given'],
    ['context', 'id is missing; it must be a whole number'],
    ['search?since=-5m', /^since must be a time: Unix milliseconds, .*; 5m ago is written 5m$/],
    ['summary?since=1h&until=2h&bucketMs=1000', 'until must be later than since'],
    ['summary?from=1h&to=2h&bucketMs=1000', 'to must be later than from'],
    ['summary?since=1h&bucketMs=1', /^bucketMs must be at least 180\d, as a histogram has at most 2000 buckets$/],
    ['summary?bucketMs=1000', 'from is missing; a histogram needs its beginning, here or as since'],
  ]
  for (const [path, message] of cases) {
    const actual = await messageOf(path)
    if (typeof message === 'string') assert.equal(actual, message)
    else assert.match(actual, message)
  }
})

test('a control of named processes and of all at once is refused', async () => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ action: 'stop', targets: ['web'], all: true })
  const answer = await ask(`${server.url}${routes.controlMany.path}`, { method: 'POST', headers, body })
  assert.equal(answer.status, 400)
  assert.match(answer.body, /targets and all/)
})

test('a body that is no JSON is refused by its type', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
    const headers = { 'content-type': type }
    const answer = await ask(`${server.url}${routes.shutdown.path}`, { method: 'POST', headers, body: '{"keep":true}' })
    assert.equal(answer.status, 415, type)
  }
  assert.deepEqual(hub.closings, [])
})

test('docs/api.md shows an error as it is', async () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8')
  const [, path, json] = /curl -s "\$HUB(\/[^"]+)"\n```\n\n```json\n(\{\n {2}"error"[^`]*)```/.exec(docs)!
  const answer = await ask(server.url + path)
  assert.deepEqual(JSON.parse(answer.body), JSON.parse(json!))
})

test('every shape belongs to a route', () => {
  for (const [name, shape] of Object.entries(requestShapes)) {
    assert.ok(Object.hasOwn(routes, name), name)
    assert.ok(shape(z))
  }
})

async function refusedUpgrade(path: string): Promise<{ status: number; body: string }> {
  const { host } = new URL(server.url)
  const answer = await ask(server.url + path, {
    headers: {
      host,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  })
  return { status: answer.status, body: answer.body }
}
