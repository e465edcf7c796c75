// TLS of the hub itself: a certificate that is renewed while it runs, cookies that go over TLS alone, and this machine's own way in.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { WebSocket } from 'ws'
import { requireTool } from '../../scripts/ensure-system.ts'
import type { Storage } from '../../src/contracts/storage.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { until } from '../hub-process.ts'
import { openServer, type RunningServer } from '../../src/server/open-server.ts'
import { ask, memoryStorage, openTestHub, type TestHub } from '../../src/server/server-harness.ts'

const directory = mkdtempSync(join(tmpdir(), 'logboom-tls-'))
const files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') }

function issue(name: string): void {
  const [cert, key] = [join(directory, 'new-cert.pem'), join(directory, 'new-key.pem')]
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout ${key} -out ${cert} -subj /CN=${name} -addext subjectAltName=DNS:localhost,IP:127.0.0.1`
  execFileSync('openssl', words.split(' '), { stdio: 'ignore' })
  renameSync(key, files.key)
  renameSync(cert, files.cert)
}

let storage: Storage
let hub: TestHub
let server: RunningServer

interface Answer {
  status: number
  name: string
  headers: IncomingMessage['headers']
}

async function askTls(path: string, body?: object): Promise<Answer> {
  const headers = body ? { 'content-type': 'application/json' } : {}
  const method = body ? 'POST' : 'GET'
  const asked = request(server.url + path, { method, headers, ca: readFileSync(files.cert), agent: false })
  asked.end(body ? JSON.stringify(body) : undefined)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const { subject } = (response.socket as TLSSocket).getPeerCertificate()
  response.resume()
  return { status: response.statusCode!, name: String(subject.CN), headers: response.headers }
}

suite('TLS', requireTool('openssl'), () => {
  before(async () => {
    issue('first')
    storage = await openStorage(memoryStorage)
    hub = openTestHub(storage)
    server = await openServer(hub, { port: 0, tls: files })
  })
  after(async () => {
    await server.close()
    await storage.close()
    rmSync(directory, { recursive: true })
  })

  test('it speaks TLS to all, and to this machine without on another port', async () => {
    assert.match(server.url, /^https:\/\/127\.0\.0\.1:\d+$/)
    const { status, name, headers } = await askTls('/api/v1/hub')
    assert.deepEqual([status, name], [200, 'first'])
    assert.match(String(headers['content-security-policy']), /default-src 'self'/)
    assert.match(server.localUrl, /^http:\/\/127\.0\.0\.1:\d+$/)
    assert.equal((await ask(`${server.localUrl}/api/v1/hub`)).status, 200)
    const origin = server.url
    const socket = new WebSocket(`${origin.replace('https', 'wss')}/api/v1/status`, {
      ca: readFileSync(files.cert),
      origin,
    })
    await once(socket, 'message')
    socket.terminate()
  })

  test('cookies of a session are for TLS alone', async () => {
    await hub.access.addUser({ name: 'mia' }, 'correct horse')
    const { headers } = await askTls('/api/v1/sign-in', { name: 'mia', password: 'correct horse' })
    assert.match(String(headers['set-cookie']), /; Secure$/)
    hub.access.removeUser('mia')
  })

  test('a new certificate is taken up, a broken one is told and the old one stays', async () => {
    issue('second')
    const nameNow = (): Promise<string> =>
      askTls('/api/v1/hub').then(
        ({ name }) => name,
        () => '',
      )
    await until('the new certificate is served', async () => (await nameNow()) === 'second')
    const good = readFileSync(files.cert)
    writeFileSync(files.cert, 'nonsense')
    await until('the broken one is told', () => hub.reported.length > 0)
    assert.match(hub.reported[0]!.message, /cert\.pem/)
    writeFileSync(files.cert, good)
    assert.equal((await askTls('/api/v1/hub')).name, 'second')
  })

  test('files that are no certificate and its key are refused with their names', async () => {
    const wrong = { cert: files.key, key: files.cert }
    await assert.rejects(openServer(hub, { port: 0, tls: wrong }), { code: 'tls-invalid' })
    await assert.rejects(openServer(hub, { port: 0, tls: { ...files, key: '/nowhere' } }), {
      code: 'tls-invalid',
      message: /\/nowhere/,
    })
  })
})
