// Records over HTTP from outside: bodies that are far more than they look, bodies that never come whole, and a hub that is
// killed in the middle of one, beside a process that prints all the while.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect as connectTcp, type Socket } from 'node:net'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { startHub, until, type HubProcess } from '../hub-process.ts'

const mib = 1024 * 1024
const printer = `let n = 0; setInterval(() => console.log('tick ' + n++), 20)`

let hub: HubProcess
before(async () => {
  hub = await startHub({ processes: { ticker: { command: [process.execPath, '-e', printer] } } })
})
after(() => hub.close())

interface Answer {
  status: number
  accepted: number
  malformed: number
  earlier?: number
  repeated?: true
  error?: { code: string; message: string; hint: string }
}

async function post(words: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${hub.url}/api/v1/ingest?${words}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', ...headers },
    body: Buffer.from(body),
  })
  return { ...((await response.json()) as Answer), status: response.status }
}

async function count(query: string): Promise<number> {
  return (await hub.client.summary({ query })).count
}

async function newest(query: string): Promise<string | undefined> {
  return (await hub.client.search({ query, limit: 1 })).records[0]?.message
}

async function newestTick(): Promise<number> {
  return Number((await newest('tick source:ticker'))?.split(' ')[1] ?? -1)
}

/** Resolves with the answer, having seen lines of the process come in before it. */
async function besideProcess(answer: Promise<Answer>): Promise<Answer> {
  let isAnswered = false
  const answered = answer.finally(() => (isAnswered = true))
  const first = await newestTick()
  let seen = 0
  let last = first
  while (!isAnswered) {
    const now = await newestTick()
    if (now > last && !isAnswered) seen++
    last = Math.max(last, now)
  }
  assert.ok(seen >= 3, `lines of the process came in only ${seen} times while the body was taken in`)
  return answered
}

test('the commands of docs/api.md store what they say', async () => {
  const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/api.md'), 'utf8')
  const section = document.slice(document.indexOf('\n## Ingest\n'), document.indexOf('\n## Follow\n'))
  const commands = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1]!)
  const { stdout } = await promisify(execFile)('bash', ['-e', '-c', commands.join('')], {
    env: { ...process.env, HUB: hub.url },
  })
  const answers = JSON.parse(`[${stdout.replaceAll('}{', '},{')}]`) as Answer[]
  assert.deepEqual(
    answers.map(({ accepted, malformed, repeated = false }) => [accepted, malformed, repeated]),
    [
      [2, 0, false],
      [2, 0, false],
      [2, 0, false],
      [1, 0, false],
      [1, 0, true],
    ],
  )
  const { records } = await hub.client.search({ query: 'source:shop OR source:disks', order: 'oldest' })
  assert.deepEqual(
    records.map(({ message, severity }) => `${severity} ${message}`),
    ['17 payment failed', '9 retried', '9 disk sda is slow', '13 WARN disk sdb is full', '9 one', '9 two', '9 once'],
  )
})

test('a small body that unpacks to more records than one may have is refused, and nothing of it is stored', async () => {
  const bomb = gzipSync(Buffer.alloc(16 * mib, '\n'))
  const json = gzipSync(Buffer.from(`[${'0,'.repeat(8 * mib - 2)}0]`))
  const gzip = { 'content-encoding': 'gzip' }
  for (const { status, error, accepted } of [
    await post('source=bomb', bomb, gzip),
    await post('source=bomb', json, { ...gzip, 'content-type': 'application/json' }),
  ]) {
    assert.deepEqual([status, error?.code, accepted], [413, 'too-large', 0])
    assert.match(error!.message, /more than 1,000,000 records/)
    assert.match(error!.hint, /several requests/)
  }
  assert.equal(await count('source:bomb'), 0)
})

test('a body of very many records is taken in bit by bit, and lines of processes come in meanwhile', async () => {
  const { status, accepted } = await besideProcess(post('source=many', '\n'.repeat(300_000)))
  assert.deepEqual([status, accepted], [200, 300_000])
  assert.equal(await count('source:many'), 300_000)
  assert.ok(hub.memoryMb().peak < 320, `the hub took ${hub.memoryMb().peak} MB`)
})

test('bodies that do not come hold up nobody', async () => {
  const { host, hostname, port } = new URL(hub.url)
  const head = `POST /api/v1/ingest?source=slow HTTP/1.1\r\nhost: ${host}\r\ncontent-type: text/plain\r\n`
  const slow: Socket[] = []
  for (let i = 0; i < 5; i++) {
    const socket = connectTcp(Number(port), hostname)
    await once(socket, 'connect')
    socket.write(`${head}content-length: ${16 * mib}\r\n\r\nbeginning`)
    slow.push(socket)
  }
  const large = `{"msg":"${'x'.repeat(1000)}"}\n`.repeat(4000)
  const answers = Array.from({ length: 8 }, (_, i) => post(`source=beside&batch=b-${i}`, large))
  for (const { status, accepted } of await Promise.all(answers)) assert.deepEqual([status, accepted], [200, 4000])
  for (const socket of slow) assert.equal(socket.readableLength, 0, 'a slow one was answered before')
  for (const socket of slow) socket.destroy()
  assert.equal(await count('source:slow'), 0)
})

test('a body with a name that a killed hub had half of is whole when it is sent again, each record once', async () => {
  const bodyRecords = 100_000
  const body = Array.from({ length: bodyRecords }, (_, n) => `n=${n}`).join('\n')
  const cutOff = post('source=named&batch=one', body).catch(() => undefined)
  await until('a part of the body is stored', async () => (await newest('source:named')) !== undefined)
  await hub.kill()
  assert.equal(await cutOff, undefined, 'the body was stored before the hub could be killed')
  await hub.start()
  const stored = await count('source:named')
  assert.ok(stored > 0 && stored < bodyRecords, `${stored} were stored`)
  const other = await post('source=named&batch=one', `other ${body}`)
  assert.deepEqual([other.status, other.error?.code, other.accepted], [409, 'batch-differs', 0])
  const again = await post('source=named&batch=one', gzipSync(body), { 'content-encoding': 'gzip' })
  assert.deepEqual([again.status, again.accepted, again.earlier], [200, bodyRecords, stored])
  const thrice = await post('source=named&batch=one', body)
  assert.deepEqual([thrice.accepted, thrice.repeated], [bodyRecords, true])
  const exported = await fetch(`${hub.url}/api/v1/export?query=source:named`)
  const records = (await exported.text()).trimEnd().split('\n')
  const wrong = records.findIndex(
    (line, n) => !line.includes(`"seq":${n + 1},`) || !line.includes(`"message":"n=${n}"`),
  )
  assert.deepEqual([records.length, records[wrong]], [bodyRecords, undefined])
})
