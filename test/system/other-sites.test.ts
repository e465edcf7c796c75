// A page of another site in a browser on this machine must learn nothing from a hub, however it writes the address that it
// asks for: by one property over many spellings, each answer compared with what the hub's own pages get for the same.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startHub, until, type HubProcess } from '../hub-process.ts'
import { exchange, parseAnswer, rawRequest, type RawHttpAnswer } from './raw-request.ts'

const secret = 'needle-7f3a'
let hub: HubProcess
let host: string
let port: string

before(async () => {
  hub = await startHub({ processes: { web: { command: ['sh', '-c', `echo ${secret}; exec sleep 600`] } } })
  ;({ host, port } = new URL(hub.url))
  await until('the line is there', async () => (await hub.client.search({ query: secret })).records.length > 0)
})
after(() => hub.close())

/** An answer with anything of the hub's in it; what it says of an error or of the page itself is the same for everybody. */
function tells({ status, body }: RawHttpAnswer): boolean {
  return body.includes(secret) || (status === 200 && !isPage(body))
}

/** The page is the same for everybody, and for every path that is no route. */
function isPage(body: string): boolean {
  return /^<!doctype html>/i.test(body)
}

const foreign = ['cross-site', 'same-site', 'cross-site, none', 'none, cross-site', 'SAME-SITE', 'new-value'].map(
  (site) => `Sec-Fetch-Site: ${site}`,
)

/** Ways to write `/api/v1/search`; of some the hub must make nothing, but nothing else either. */
const spellings = (): string[] => {
  const written = String.raw`
    /api/v1/search /%61pi/v1/search /api/v%31/search /%61%70%69/%76%31/%73%65%61%72%63%68 /api/v1/searc%68
    /api%2Fv1%2Fsearch /api%2fv1/search /%2fapi/v1/search /%2561pi/v1/search /api%5cv1%5csearch
    //api/v1/search /api//v1/search /./api/v1/search /x/../api/v1/search /api/v1/./search /api/v1/hub/../search
    /api/v1/search;a=b /api;/v1/search /api/v1/search/ /API/v1/search /Api/V1/Search
    /api\v1\search \api\v1\search /%00/api/v1/search /api/v1/search%00 /api/v1/search%20
    /%e2%80%ae/api/v1/search /%ef%bd%81pi/v1/search /api/v1/search# /ws/../api/v1/search
    /assets/../api/v1/search /assets/..%2fapi/v1/search`
  const paths = written
    .trim()
    .split(/\s+/)
    .map((spelling) => `${spelling}?query=${secret}`)
  const authorities = [`http://${host}`, `HTTP://${host.toUpperCase()}`, `http://x@${host}`, `//${host}`]
  return [...paths, ...authorities.flatMap((authority) => paths.slice(0, 4).map((spelling) => authority + spelling))]
}

test('what is told to nobody but the hub itself is so in every spelling of its address', async () => {
  let told = 0
  for (const target of spellings()) {
    const own = await rawRequest(hub.url, { target, headers: [`Host: ${host}`] })
    if (tells(own)) {
      told++
      assert.equal(own.headers['cache-control'], 'no-store', target)
    }
    // All ways to say that it is another site's are tried on the first.
    for (const site of foreign.slice(0, told === 1 ? foreign.length : 1)) {
      const answer = await rawRequest(hub.url, { target, headers: [`Host: ${host}`, site] })
      assert.ok(!tells(answer), `${target} with ${site} is answered: ${answer.body.slice(0, 200)}`)
      if (tells(own)) assert.equal(answer.status, 403, `${target} with ${site}`)
    }
  }
  assert.ok(told >= 12, `only ${told} spellings were understood at all`)
})

test('all routes that read or change something are closed to other sites', async () => {
  const reading = [
    'hub',
    'sources',
    'sources/web/processes',
    'store',
    'search',
    'summary',
    'export',
    'complete',
    'follow',
  ]
  const changing = ['sources/web/stop', 'control', 'scale', 'shutdown', 'store/retain', 'ingest']
  for (const [method, names] of [
    ['GET', reading],
    ['HEAD', reading],
    ['POST', changing],
  ] as const) {
    for (const name of names) {
      for (const target of [`/api/v1/${name}`, `/%61pi/v1/${name}`, `http://${host}/api/v1/${name}`]) {
        const headers = [`Host: ${host}`, 'Sec-Fetch-Site: cross-site', 'Content-Length: 0']
        const { status } = await rawRequest(hub.url, { method, target, headers })
        assert.equal(status, 403, `${method} ${target}`)
      }
    }
  }
  assert.equal((await hub.client.sources()).find(({ name }) => name === 'web')?.state, 'running')
})

test('a link from another site opens a page of the dashboard, but loads it into nothing else', async () => {
  const ask = (target: string, ...headers: string[]) =>
    rawRequest(hub.url, { target, headers: [`Host: ${host}`, ...headers] })
  const link = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']
  for (const page of ['/', '/logs?query=x']) assert.notEqual((await ask(page, ...link)).status, 403, page)
  for (const dest of ['iframe', 'object', 'embed']) {
    const framed = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', `Sec-Fetch-Dest: ${dest}`]
    assert.equal((await ask('/', ...framed)).status, 403, dest)
  }
  assert.equal((await ask('/favicon.svg', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors')).status, 403)
})

test('a Host that is not plainly this machine is refused, as are two of them or another in the target', async () => {
  const refused: string[][] = [
    'evil.example',
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    'evil.example.',
    '0.0.0.0',
    '[::]',
    `a@${host}`,
    `evil.example@${host}`,
    `evil.example:80@a.localhost`,
    `evil.example#.localhost`,
    'a b.localhost',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '[::ffff:127.0.0.1]',
    '[::2]',
    '::1',
    '[127.0.0.1]',
    '[localhost]',
    `${host}:80`,
    'localhost:',
    'localhost:x',
    'localhost:999999',
    'localhost/x',
    'localhost,evil.example',
    '',
    '.localhost',
  ].map((name) => [`Host: ${name}`])
  refused.push([], [`Host: ${host}`, 'Host: evil.example'], ['Host: evil.example', `Host: ${host}`])
  for (const headers of refused) {
    for (const target of ['/api/v1/hub', '/', '/%61pi/v1/hub']) {
      const { status, body } = await rawRequest(hub.url, { target, headers })
      assert.ok(status === 403 || status === 400, `${target} with ${headers.join()} has status ${status}`)
      assert.match(body, /"code":"(forbidden|request-invalid)"/, headers.join())
    }
  }
  for (const target of [
    `http://evil.example/api/v1/hub`,
    'http://evil.example',
    `https://evil.example/`,
    `http:///api/v1/hub`,
  ]) {
    const { status } = await rawRequest(hub.url, { target, headers: [`Host: ${host}`] })
    assert.ok(status === 403 || status === 400, `${target} has status ${status}`)
  }
  for (const name of [`localhost:${port}`, `LOCALHOST`, `app.localhost:${port}`, '[::1]', `127.9.9.9:${port}`])
    assert.equal((await rawRequest(hub.url, { target: '/api/v1/hub', headers: [`Host: ${name}`] })).status, 200, name)
})

test('every answer carries the headers that keep it to itself, whatever it answers', async () => {
  const ok = `Host: ${host}`
  const answers: Record<string, string> = {
    page: `GET / HTTP/1.1\r\n${ok}\r\n\r\n`,
    'no such asset': `GET /assets/none.js HTTP/1.1\r\n${ok}\r\n\r\n`,
    'no such route': `GET /api/v1/nothing HTTP/1.1\r\n${ok}\r\n\r\n`,
    'wrong method': `DELETE /api/v1/search HTTP/1.1\r\n${ok}\r\n\r\n`,
    'unknown method of HTTP': `PROPFIND /api/v1/search HTTP/1.1\r\n${ok}\r\n\r\n`,
    'bad escape': `GET /api/v1/%zz HTTP/1.1\r\n${ok}\r\n\r\n`,
    'bad parameter': `GET /api/v1/search?limit=x HTTP/1.1\r\n${ok}\r\n\r\n`,
    'HEAD of a stream': `HEAD /api/v1/follow HTTP/1.1\r\n${ok}\r\n\r\n`,
    'forbidden Host': `GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
    'no Host': `GET / HTTP/1.1\r\n\r\n`,
    'HTTP/1.0': `GET /api/v1/hub HTTP/1.0\r\n${ok}\r\n\r\n`,
    'foreign Origin': `GET /api/v1/hub HTTP/1.1\r\n${ok}\r\nOrigin: null\r\n\r\n`,
    preflight: `OPTIONS /api/v1/hub HTTP/1.1\r\n${ok}\r\nOrigin: http://evil.example\r\n\r\n`,
    'OPTIONS *': `OPTIONS * HTTP/1.1\r\n${ok}\r\n\r\n`,
    CONNECT: `CONNECT ${host} HTTP/1.1\r\n${ok}\r\n\r\n`,
    'no HTTP': `hello\r\n\r\n`,
    'too long a head': `GET / HTTP/1.1\r\n${ok}\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`,
    'body that is no JSON': `POST /api/v1/control HTTP/1.1\r\n${ok}\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{`,
    'body of no known type': `POST /api/v1/control HTTP/1.1\r\n${ok}\r\nContent-Type: a/b\r\nContent-Length: 1\r\n\r\n{`,
    'too large a body': `POST /api/v1/control HTTP/1.1\r\n${ok}\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n`,
    'unknown expectation': `GET /api/v1/hub HTTP/1.1\r\n${ok}\r\nExpect: the-worst\r\n\r\n`,
    'path out of the page': `GET /..%2f..%2f..%2fetc/passwd HTTP/1.1\r\n${ok}\r\n\r\n`,
    'refused upgrade': `GET /api/v1/hub HTTP/1.1\r\n${ok}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    'foreign upgrade': `GET /api/v1/follow HTTP/1.1\r\n${ok}\r\nOrigin: null\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    'upgrade without a key': `GET /api/v1/follow HTTP/1.1\r\n${ok}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  }
  for (const [name, text] of Object.entries(answers)) {
    const { status, headers, body } = parseAnswer(await exchange(hub.url, text, isWhole))
    assert.ok(status >= 200, `${name}: there is no answer`)
    assert.match(headers['content-security-policy'] ?? '', /frame-ancestors 'none'/, name)
    assert.equal(headers['x-content-type-options'], 'nosniff', name)
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin', name)
    assert.match(headers['cache-control'] ?? '', isPage(body) ? /no-store|no-cache/ : /no-store/, name)
    assert.doesNotMatch(body, /root:|node_modules|\n\s+at /, name)
    if (status >= 400 && !text.startsWith('HEAD') && !isPage(body)) assert.match(body, /"code":"[a-z-]+"/, name)
  }
})

test('sockets are opened for the hub’s own pages and for tools, in one spelling', async () => {
  const upgrade = (target: string, ...headers: string[]) => rawUpgrade(target, [`Host: ${host}`, ...headers])
  for (const target of ['/api/v1/follow', '/api/v1/status', `http://${host}/api/v1/follow`]) {
    assert.equal(await upgrade(target), 101, target)
    assert.equal(await upgrade(target, `Origin: http://${host}`), 101, target)
    for (const header of [
      'Origin: null',
      'Origin: http://evil.example',
      `Origin: http://${host}.evil.example`,
      ...foreign,
    ])
      assert.equal(await upgrade(target, header), 403, `${target} with ${header}`)
  }
  for (const target of ['//api/v1/follow', '/api/v1/follow/', '/API/v1/follow', '*'])
    assert.notEqual(await upgrade(target), 101, target)
  for (const target of ['/%61pi/v1/follow', '/api/v1/foll%6fw'])
    assert.equal(await upgrade(target, 'Sec-Fetch-Site: cross-site'), 403, target)
})

async function rawUpgrade(target: string, headers: string[]): Promise<number> {
  const lines = [
    `GET ${target} HTTP/1.1`,
    ...headers,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  return parseAnswer(await exchange(hub.url, `${lines.join('\r\n')}\r\n\r\n`, (text) => text.includes('\r\n\r\n')))
    .status
}

/** An answer with a length is not waited for beyond it: connections are kept open. */
function isWhole(text: string): boolean {
  const { headers, body } = parseAnswer(text)
  if (!text.includes('\r\n\r\n')) return false
  const length = headers['content-length']
  if (length !== undefined)
    return Buffer.byteLength(body) >= Number(length) || /^HTTP\S+ (200|40\d)[^]*\r\n\r\n$/.test(text)
  return body.endsWith('0\r\n\r\n')
}
