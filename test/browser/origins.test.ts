// Pages of other sites that do what the original dashboards do: where their origin is listed it works, elsewhere all is refused, and
// beyond streams nothing works for either.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { startHub, type HubProcess } from '../hub-process.ts'
import { openBrowser, type TestBrowser } from './open-page.ts'

const client = readFileSync(
  path.join(import.meta.dirname, '../../node_modules/socket.io-client/dist/socket.io.min.js'),
  'utf8',
)
/** What became of each way to the hub: the first message's name, or that it was refused. */
const script = `
const outcome = {}
const hub = location.hash.slice(1)
const socketOf = (path, hello) => new Promise((resolve) => {
  const socket = new WebSocket(hub.replace('http', 'ws') + path)
  socket.onopen = () => hello && socket.send(JSON.stringify(hello))
  socket.onmessage = ({ data }) => { const { type, event, error } = JSON.parse(data); resolve(error ? 'error' : type ?? event) }
  socket.onerror = () => resolve('refused')
})
const ioOf = (namespace, options, event, hello) => new Promise((resolve) => {
  const socket = io(hub + namespace, { reconnection: false, ...options })
  socket.on('connect', () => hello && socket.emit(...hello))
  socket.on(event, () => resolve(event))
  socket.on('connect_error', () => resolve('refused'))
})
const sse = (path) => new Promise((resolve) => {
  const source = new EventSource(hub + path)
  source.onmessage = () => { source.close(); resolve('event') }
  source.onerror = () => { source.close(); resolve('refused') }
})
const fetched = (path, init) => fetch(hub + path, init).then((response) => String(response.status), () => 'refused')
Promise.all(Object.entries({
  cards: socketOf('/ws', { type: 'ping', timestamp: Date.now() }),
  dashboard: socketOf('/ws/dashboard/', { type: 'get_recent_messages' }),
  logs: socketOf('/ws/logs'),
  events: socketOf('/ws/events'),
  main: ioOf('', {}, 'cantina_event'),
  job: ioOf('/logs', { path: '/api/socketio', auth: { userId: 'u', logId: 1 } }, 'error', ['subscribe', { logId: 1 }]),
  sse: sse('/api/v1/follow'),
  status: socketOf('/api/v1/status'),
  search: fetched('/api/v1/search'),
  control: fetched('/api/v1/control', { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }),
}).map(async ([name, outcome]) => [name, await outcome])).then((all) => { window.outcome = Object.fromEntries(all) })`

let hub: HubProcess
let browser: TestBrowser
const sites: Server[] = []

async function openSite(): Promise<string> {
  const site = createServer((request, response) => {
    const [type, body] =
      request.url === '/'
        ? ['text/html', '<script src="io.js"></script><script src="page.js"></script>']
        : ['text/javascript', request.url === '/io.js' ? client : request.url === '/page.js' ? script : '']
    response.setHeader('content-type', type!).end(body)
  }).listen(0, 'localhost')
  await once(site, 'listening')
  sites.push(site)
  return `http://localhost:${(site.address() as AddressInfo).port}`
}

let listed = ''
let unlisted = ''
before(async () => {
  listed = await openSite()
  unlisted = await openSite()
  hub = await startHub({
    processes: { talker: { command: ['sh', '-c', 'while echo a line; do sleep 0.2; done'] } },
    server: { origins: [listed] },
  })
  browser = await openBrowser()
})
after(async () => {
  await browser.close()
  await hub.close()
  for (const site of sites) site.close().closeAllConnections()
})

async function outcomeOf(site: string): Promise<Record<string, string>> {
  const { page, close } = await browser.openPage(`${site}/#${hub.url}`)
  await page.waitForFunction('window.outcome', undefined, { timeout: 60_000 })
  const outcome = await page.evaluate<Record<string, string>>('window.outcome')
  await close()
  return outcome
}

test('a page whose origin is listed opens streams and Socket.IO, and nothing else', async () => {
  const { cards, dashboard, ...others } = await outcomeOf(listed)
  for (const first of [cards, dashboard]) assert.match(first!, /^(log_stream|pong)$/)
  assert.deepEqual(others, {
    logs: 'system_log',
    events: 'cantina_event',
    main: 'cantina_event',
    job: 'error',
    sse: 'event',
    status: 'refused',
    search: 'refused',
    control: 'refused',
  })
})

test('a page of any other origin is refused everything', async () => {
  const outcome = await outcomeOf(unlisted)
  assert.ok(
    Object.values(outcome).every((each) => each === 'refused'),
    JSON.stringify(outcome),
  )
})
