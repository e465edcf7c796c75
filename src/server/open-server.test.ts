import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../contracts/storage.ts'
import { openServer, type RunningServer } from './open-server.ts'
import { ask, memoryStorage, openTestHub, tryUpgrade, type TestHub } from './server-harness.ts'

let directory: string
let storage: Storage
let hub: TestHub
let server: RunningServer
let url: string

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'logboom-server-'))
  storage = await openStorage(memoryStorage)
  hub = openTestHub(storage)
  server = await openServer(hub, { port: 0, dashboardDirectory: join(directory, 'none') })
  url = server.url
})

after(async () => {
  await server.close()
  await storage.close()
  await rm(directory, { recursive: true, force: true })
})

const codeOf = (body: string) => (JSON.parse(body) as { error: { code: string } }).error.code

test('hub and sources answer as JSON, with headers that keep other sites out', async () => {
  const info = await ask(`${url}/api/v1/hub`)
  assert.equal(info.status, 200)
  assert.equal((JSON.parse(info.body) as { session: string }).session, 'test-session')
  assert.match(String(info.headers['content-security-policy']), /default-src 'self'.*frame-ancestors 'none'/)
  assert.equal(info.headers['x-content-type-options'], 'nosniff')
  assert.equal(info.headers['referrer-policy'], 'no-referrer')
  const { body } = await ask(`${url}/api/v1/sources`)
  assert.equal((JSON.parse(body) as { sources: { title: string }[] }).sources[0]!.title, 'Web Process')
})

test('processes are controlled; the unknown and the uncontrollable are told apart', async () => {
  const post = (path: string) => ask(url + path, { method: 'POST' })
  const { status, body } = await post('/api/v1/sources/web/restart')
  assert.equal(status, 200)
  assert.deepEqual(hub.actions, ['restart'])
  assert.equal((JSON.parse(body) as { source: { name: string } }).source.name, 'web')
  const refused = await Promise.all(
    ['nobody/stop', 'fixed/stop', 'web/explode'].map((path) => post(`/api/v1/sources/${path}`)),
  )
  assert.deepEqual(
    refused.map((answer) => [answer.status, codeOf(answer.body)]),
    [
      [404, 'unknown-source'],
      [409, 'not-controllable'],
      [400, 'request-invalid'],
    ],
  )
})

test('several are controlled at once: each is answered for, and a request that names none is refused', async () => {
  const post = (body: object) =>
    ask(`${url}/api/v1/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const { status, body } = await post({ action: 'stop', targets: ['web', '@broken'] })
  assert.equal(status, 200)
  const { results } = JSON.parse(body) as { results: { name: string; source?: object; error?: { code: string } }[] }
  assert.deepEqual(
    results.map(({ name, source, error }) => [name, source !== undefined, error?.code]),
    [
      ['web', true, undefined],
      ['@broken', false, 'stop-failed'],
    ],
  )
  for (const wrong of [{ action: 'stop' }, { action: 'stop', targets: [] }, { action: 'explode', all: true }])
    assert.equal(codeOf((await post(wrong)).body), 'request-invalid')
})

test('a name that leads here by DNS rebinding, and pages of other sites, are refused on routes and upgrades', async () => {
  const { host, port } = new URL(url)
  const foreign: Record<string, string>[] = [
    { host: 'evil.example' },
    { host: `evil.example:${port}` },
    { host: `127.0.0.1.evil.example:${port}` },
    { host: `[::2]:${port}` },
    { host, origin: 'https://evil.example' },
    { host, origin: 'http://localhost:3000' },
    { host, origin: 'null' },
    { host, 'sec-fetch-site': 'cross-site' },
    { host, 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of foreign) {
    for (const path of ['/api/v1/hub', '/api/v1/search', '/api/v1/follow', '/api/v1/nothing']) {
      const { status, body } = await ask(url + path, { headers })
      assert.deepEqual([status, codeOf(body)], [403, 'forbidden'], `${path} ${JSON.stringify(headers)}`)
    }
    for (const path of ['/api/v1/follow', '/api/v1/status']) {
      assert.equal(await tryUpgrade(url, path, headers), 'HTTP/1.1 403 Forbidden', JSON.stringify(headers))
    }
  }
  assert.equal((await ask(url, { headers: { host: 'evil.example' } })).status, 403, 'the page itself too')

  const own: Record<string, string>[] = [
    { host: `localhost:${port}`, origin: `http://localhost:${port}` },
    { host: `LOCALHOST:${port}`, origin: `http://localhost:${port}` },
    { host: `[::1]:${port}`, origin: `http://[::1]:${port}` },
    { host: `127.9.9.9:${port}` },
    { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
  ]
  for (const headers of own) {
    assert.equal((await ask(`${url}/api/v1/hub`, { headers })).status, 200, JSON.stringify(headers))
    assert.equal(await tryUpgrade(url, '/api/v1/follow', headers), 'HTTP/1.1 101 Switching Protocols')
  }
})

test('unknown paths: JSON under /api, no upgrade', async () => {
  const { status, body } = await ask(`${url}/api/v1/nothing`)
  assert.deepEqual([status, codeOf(body)], [404, 'not-found'])
  assert.equal(await tryUpgrade(url, '/api/v1/hub'), 'HTTP/1.1 404 Not Found')
  for (const [path, hint] of [
    ['/api//v1/hub', /single slashes/],
    ['/api/v1/shutdown', /by POST/],
    ['/api/v1/status', /by WebSocket/],
  ] as const) {
    const { status: missing, body: why } = await ask(url + path)
    assert.equal(missing, 404)
    assert.match((JSON.parse(why) as { error: { hint: string } }).error.hint, hint)
  }
  const bad = await ask(`${url}/api/v1/%zz`)
  assert.deepEqual([bad.status, codeOf(bad.body)], [400, 'request-invalid'])
})

test('without a build the page says how to make one; with a build every page is the dashboard', async () => {
  const page = await ask(`${url}/processes`)
  assert.equal(page.status, 503)
  assert.match(page.body, /npm run build/)

  const built = join(directory, 'dashboard')
  await mkdir(join(built, 'assets'), { recursive: true })
  await writeFile(join(built, 'index.html'), '<base href="/" /><title>built</title>')
  await writeFile(join(built, 'assets', 'main-1234.js'), 'export {}')
  const other = await openServer(hub, { port: 0, dashboardDirectory: built })
  try {
    const nonces = new Set<string>()
    const pages = ['/', '/index.html', '/%69ndex.html', '/processes', '/logs?query=x']
    for (const [path, prefix] of [...pages.map((page) => [page, ''] as const), ['/logs', '/team/logs'] as const]) {
      const headers: Record<string, string> = prefix === '' ? {} : { 'x-forwarded-prefix': `${prefix}/` }
      const answer = await ask(other.url + path, { headers })
      assert.deepEqual([answer.status, answer.headers['cache-control']], [200, 'no-store'], path)
      const policy = String(answer.headers['content-security-policy'])
      const [, nonce = ''] = /style-src 'self' 'nonce-([\w+/]{22}==)';/.exec(policy) ?? []
      assert.doesNotMatch(policy, /unsafe/)
      const base = `<base href="${prefix}/"><meta property="csp-nonce" nonce="${nonce}">`
      assert.equal(answer.body, `${base}<title>built</title>`, path)
      nonces.add(nonce)
    }
    assert.equal(nonces.size, pages.length + 1, 'one for each answer')
    const asset = await ask(`${other.url}/assets/main-1234.js`)
    assert.match(String(asset.headers['cache-control']), /immutable/)
    assert.equal((await ask(`${other.url}/assets/gone.js`)).status, 404)
    for (const path of ['//api/v1/search', '//logs', '/%00', '/api%5cv1', `/${'a'.repeat(3000)}`]) {
      const { status, body } = await ask(other.url + path)
      assert.deepEqual([status, codeOf(body)], [404, 'not-found'], path)
      assert.match(body, /There is nothing at GET/)
      assert.doesNotMatch(body, /shape of requests/)
    }
    const foreign = await ask(`${other.url}//api/v1/hub`, {
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
    })
    assert.equal(foreign.status, 403, 'what is asked for is checked first')
  } finally {
    await other.close()
  }
})

test('an address that others can reach is refused, a taken port is named', async () => {
  await assert.rejects(openServer(hub, { host: '0.0.0.0', port: 0 }), { code: 'open-to-network' })
  const squatter = createServer().listen(0, '127.0.0.1')
  await once(squatter, 'listening')
  const { port } = squatter.address() as AddressInfo
  try {
    await assert.rejects(openServer(hub, { port }), { code: 'address-in-use', message: new RegExp(String(port)) })
  } finally {
    squatter.close()
  }
})

test('without a port asked for, two hubs find two ports', async () => {
  const one = await openServer(hub)
  const two = await openServer(hub)
  try {
    assert.notEqual(one.url, two.url)
    for (const { url: address } of [one, two]) assert.equal((await ask(`${address}/api/v1/hub`)).status, 200)
  } finally {
    await Promise.all([one.close(), two.close()])
  }
})

test('shutdown is answered, then the hub is closed', async () => {
  const json = { 'content-type': 'application/json' }
  const wrong = await ask(`${url}/api/v1/shutdown`, { method: 'POST', headers: json, body: '{"kep":true}' })
  assert.deepEqual([wrong.status, codeOf(wrong.body)], [400, 'request-invalid'])
  assert.match(wrong.body, /kep/)
  const { status } = await ask(`${url}/api/v1/shutdown`, { method: 'POST', headers: json, body: '{"keep":true}' })
  assert.equal(status, 202)
  while (hub.closings.length === 0) await new Promise(setImmediate)
  assert.deepEqual(hub.closings, [{ keep: true }])
})
