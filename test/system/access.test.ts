// Who may see what, as users meet it: commands beside a hub that runs and one that does not, and requests from outside.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { connect } from '../../src/client/index.ts'
import { prepareHub, until, type CommandResult, type HubProcess } from '../hub-process.ts'

let hub: HubProcess
const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
const password = 'correct horse battery'

before(async () => {
  const shell = (script: string): object => ({ command: ['sh', '-c', script] })
  hub = prepareHub({
    processes: {
      web: shell('echo needle of web; exec sleep 600'),
      vault: shell('n=0; while :; do n=$((n+1)); echo needle $n of vault; sleep 0.05; done'),
    },
  })
  await hub.start()
  await until('both have spoken', async () => (await hub.client.search({ query: 'source:vault 3' })).records.length > 0)
})
after(() => hub.close())

/** A command that is given a password. */
function commandWith(input: string, ...words: string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { cwd: hub.directory, timeout: 60_000 }
    const child = execFile(process.execPath, [bin, ...words], options, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? String(error.signal)) : 0, stdout, stderr }),
    )
    child.stdin!.end(input)
  })
}

async function succeed(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await hub.command(...words)
  assert.equal(code, 0, stderr)
  return stdout
}

async function statusOf(target: string, headers: Record<string, string> = {}): Promise<number> {
  const { status, body } = await fetch(hub.url + target, { headers })
  await body?.cancel()
  return status
}

const signIn = (body: object): Promise<Response> =>
  fetch(`${hub.url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test('a hub that others could reach does not start without users, and makes nothing', async () => {
  const open = prepareHub({ processes: {}, server: { host: '0.0.0.0' } })
  const { code, stderr } = await open.command('up', '--port', '0')
  assert.equal(code, 2)
  assert.match(stderr, /0\.0\.0\.0 can be reached from other machines.*\n.*logboom user add/)
  assert.ok(!existsSync(open.stateDirectory))
  await open.close()
})

test('users come while the hub runs: from then on it wants to know who asks, and the commands here go on', async () => {
  assert.equal(await statusOf('/api/v1/search'), 200)
  const added = await commandWith(`${password}\n`, 'user', 'add', 'mia', '--password-stdin')
  assert.match(added.stdout, /^mia is there: admin, sees everything\n$/)
  for (const target of ['/api/v1/search', '/api/v1/hub', '/api/v1/follow', '/api/v1/export'])
    assert.equal(await statusOf(target), 401, target)
  assert.equal(statSync(path.join(hub.stateDirectory, 'access.json')).mode & 0o777, 0o600)
  assert.equal(statSync(path.join(hub.stateDirectory, 'hub.json')).mode & 0o777, 0o600)

  assert.match(await succeed('ps'), /vault/)
  assert.match(await succeed('logs', '-n', '5', 'source:web'), /needle of web/)
  assert.match(await succeed('user', 'list'), /mia +admin +everything +password/)
  assert.deepEqual((await hub.command('user', 'add', 'mia')).code, 2)
})

test('a user signs in by password or link, sees what is granted, and is out at once when that ends', async () => {
  assert.equal((await signIn({ name: 'mia', password: 'wrong' })).status, 401)
  assert.equal((await signIn({ name: 'mia', password })).status, 200)
  await succeed('user', 'add', 'ben', '--source', 'web')
  const link = (await succeed('user', 'link', 'ben')).trim()
  assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/sign-in#[\w-]{43}$/)
  const answer = await signIn({ link: new URL(link).hash.slice(1) })
  assert.equal(answer.status, 200)
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
  const found = await (
    await fetch(`${hub.url}/api/v1/search?query=needle+stream:stdout`, { headers: { cookie } })
  ).json()
  assert.deepEqual(
    (found as { records: { message: string }[] }).records.map(({ message }) => message),
    ['needle of web'],
  )
  const events = await fetch(`${hub.url}/api/v1/follow?query=needle`, { headers: { cookie } })
  const [text] = await Promise.all([events.text(), succeed('user', 'remove', 'ben')])
  assert.match(text, /needle of web/)
  assert.doesNotMatch(text, /vault/)
  assert.match(text, /"sign-in-needed"/)
  assert.equal(await statusOf('/api/v1/hub', { cookie }), 401)
})

test('a user is signed out on all devices, and may sign in again', async () => {
  const cookieOf = async (): Promise<string> =>
    (await signIn({ name: 'mia', password })).headers.get('set-cookie')!.split(';')[0]!
  const cookies = [await cookieOf(), await cookieOf()]
  const statuses = (): Promise<number[]> => Promise.all(cookies.map((cookie) => statusOf('/api/v1/hub', { cookie })))
  assert.deepEqual(await statuses(), [200, 200])
  assert.match(await succeed('user', 'sign-out', 'mia'), /^mia is signed out everywhere/)
  assert.deepEqual(await statuses(), [401, 401])
  assert.equal(await statusOf('/api/v1/hub', { cookie: await cookieOf() }), 200)
  assert.match((await hub.command('user', 'sign-out', 'nobody')).stderr, /nobody/)
})

test('tokens are shown once, do what they are for, and end at once', async () => {
  const token = (await succeed('token', 'add', 'shop', '--may', 'send,read', '--source', 'shop-*')).trim()
  const client = connect(hub.url, { token })
  const send = (source: string): Promise<Response> =>
    fetch(`${hub.url}/api/v1/ingest?source=${source}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      body: 'needle sent',
    })
  assert.equal((await send('shop-1')).status, 200)
  assert.equal((await send('web-2')).status, 403)
  const lines: string[] = []
  let ended: string | undefined
  const following = client.follow(
    { query: 'needle' },
    {
      records: (records) => lines.push(...records.map(({ message }) => message)),
      error: ({ code }) => (ended = code),
    },
  )
  await until('the line is there', () => lines.length > 0)
  assert.doesNotMatch(await succeed('token', 'list', '--json'), new RegExp(token))
  await succeed('token', 'revoke', 'shop')
  await until('the stream has ended', () => ended === 'sign-in-needed', 5000)
  following.close()
  assert.deepEqual(lines, ['needle sent'])
  assert.equal((await send('shop-1')).status, 401)
})

test('the audit log says who did what', async () => {
  const audited = async () =>
    (await hub.client.search({ query: 'kind:audit logger:audit.orchestrator source:logboom', order: 'oldest' })).records
  // What was just done stands there in a moment.
  for (const line of ['local user_add done', 'mia sign_in failed', 'mia sign_in done', 'local token_revoke done'])
    await until(line, async () =>
      (await audited()).some(({ fields }) => `${fields!.who} ${fields!.action} ${fields!.outcome}` === line),
    )
  assert.doesNotMatch(JSON.stringify(await audited()), new RegExp(`${password}|logboom_[\\w-]{43}`))
})

test('users outlive the hub, are changed while none runs, and nothing opens when their file is damaged', async () => {
  await hub.kill()
  await succeed('user', 'add', 'eve', '--role', 'viewer')
  await hub.start()
  assert.equal(await statusOf('/api/v1/hub'), 401)
  assert.match(await succeed('user', 'list'), /eve/)
  assert.equal((await signIn({ name: 'mia', password })).status, 200)
  await hub.end('SIGTERM')
  writeFileSync(path.join(hub.stateDirectory, 'access.json'), '{"version":1,"us')
  const { code, stderr } = await hub.command('up', '--port', '0')
  assert.equal(code, 1)
  assert.match(stderr, /access\.json cannot be read/)
})

test('with users it serves other machines, by its addresses and listed names alone', async () => {
  const exposed = prepareHub({ processes: {}, server: { host: '0.0.0.0', hosts: ['logs.example.org'] } })
  assert.equal((await exposed.command('user', 'add', 'mia')).code, 0)
  await exposed.start()
  const { port } = new URL(exposed.url)
  const get = async (host: string): Promise<number> => {
    const asked = request({ port, host: '127.0.0.1', path: '/api/v1/hub', headers: { host }, agent: false }).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.resume()
    return response.statusCode!
  }
  for (const host of [`127.0.0.1:${port}`, '192.0.2.7', `[2001:db8::1]:${port}`, 'LOGS.example.org'])
    assert.equal(await get(host), 401, host)
  for (const host of ['evil.example', 'logs.example.org.evil.example', 'example.org'])
    assert.equal(await get(host), 403, host)
  const { kind } = await exposed.client.me()
  assert.equal(kind, 'local')
  const warning = /cross the network in plain text: the hub serves 0\.0\.0\.0 over http.*--tls-cert/
  assert.match(exposed.console(), warning)
  assert.match((await exposed.client.hub()).trouble.join('\n'), warning, 'for as long as it is so')
  assert.doesNotMatch(hub.console(), /plain text/, 'nobody is between on loopback')
  assert.equal((await exposed.command('user', 'remove', 'mia')).code, 0)
  assert.equal(await get('127.0.0.1'), 401, 'it does not open when the last user goes')
  await exposed.close()
})

test('the commands of docs/access.md do what they say', async () => {
  const place = prepareHub({ processes: {} })
  await place.start()
  const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/access.md'), 'utf8')
  const commands = [...document.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1]!)
  const logboom = `logboom() { '${process.execPath}' '${bin}' "$@"; }\n`
  const { stdout } = await promisify(execFile)('bash', ['-e', '-c', logboom + commands.join('')], {
    cwd: place.directory,
    env: { ...process.env, HUB: place.url },
  })
  assert.match(stdout, /mia +admin +everything/)
  assert.match(stdout, /ben +viewer +api\*, web \(system, event, gap\)/)
  assert.match(stdout, /ben: operator, sees api\*, web \(system, event, gap, audit\)/)
  assert.match(stdout, /sign-in#/)
  assert.match(stdout, /shop +send +shop\*/)
  assert.match(stdout, /"accepted":1/)
  assert.match(stdout, /token_revoke by local/)
  const { users, tokens } = { users: await place.client.users(), tokens: await place.client.tokens() }
  assert.deepEqual(
    [...users, ...tokens].map(({ name }) => name),
    ['mia', 'ben', 'shop', 'shipping'],
  )
  assert.deepEqual(
    (await place.client.search({ query: 'source:ship-1' })).records.map(({ message }) => message),
    ['left harbour'],
  )
  await place.close()
})

test('docs/security.md names tests that there are', () => {
  const root = path.resolve(import.meta.dirname, '../..')
  const document = readFileSync(path.join(root, 'docs/security.md'), 'utf8')
  const named = [...document.matchAll(/`((?:src|test)\/[\w./-]+)`/g)].map((match) => match[1]!)
  assert.ok(named.length > 20)
  assert.deepEqual(
    named.filter((file) => !existsSync(path.join(root, file))),
    [],
  )
})
