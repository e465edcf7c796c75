import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openTestServer } from '../server-harness.ts'

const { storage, server } = await openTestServer()
await storage.ofSource('my app').push(
  { run: 1, pid: 1 },
  Array.from({ length: 100 }, (_, i) => ({
    message: i % 4 === 0 ? 'login' : `request ${i} done`,
    severity: i % 10 === 0 ? 17 : 9,
    extras: { logger: 'http', fields: { user: { name: i % 4 === 0 ? 'Ada' : 'Bob' }, 'a b': 1, level: 'high' } },
  })),
)

interface Answer {
  from: number
  to: number
  suggestions: { text: string; kind: string; detail?: string; count?: number }[]
  error?: { code: string; message: string }
}

/** `|` is the cursor. */
async function complete(marked: string): Promise<Answer & { status: number }> {
  const query = encodeURIComponent(marked.replace('|', ''))
  const { status, body } = await ask(`${server.url}/api/v1/complete?query=${query}&cursor=${marked.indexOf('|')}`)
  return { status, ...(JSON.parse(body) as Answer) }
}

const texts = async (marked: string): Promise<string[]> =>
  (await complete(marked)).suggestions.map(({ text, count }) => (count === undefined ? text : `${text} ${count}`))

test('names of the language and of the fields', async () => {
  const { status, from, to, suggestions } = await complete('timeout us|')
  assert.deepEqual([status, from, to], [200, 8, 10])
  assert.deepEqual(suggestions, [{ text: 'user.name:', kind: 'name', detail: 'field', count: 100 }])
  assert.deepEqual(await texts('na|me:x'), ['user.name 100'])
  const all = await texts('|')
  for (const text of ['level:', 'logger: 100', 'fields.level: 100', 'NOT']) assert.ok(all.includes(text), all.join())
  // There is no way to write it in a query.
  assert.ok(!all.some((text) => text.startsWith('a b')))
})

test('values with their counts', async () => {
  assert.deepEqual(await texts('user.name:|'), ['Bob 75', 'Ada 25'])
  assert.deepEqual(await texts('user.name:(Bob OR a|)'), ['Ada 25'])
  assert.deepEqual(await texts('stream:lo|'), ['log 100'])
  assert.deepEqual(await texts('level:err|'), ['error 10'])
  assert.deepEqual(await texts('LEVEL>=|'), ['trace', 'debug', 'info 90', 'warning', 'error 10', 'critical'])
  assert.deepEqual(await texts('source:|'), ['"my app" 100', 'web'])
  assert.deepEqual(await texts('source:"my a|'), ['"my app" 100'])
  assert.deepEqual(await texts('has:user|'), ['user.name 100'])
  assert.deepEqual(await texts('logger:tt|'), ['http 100'])
  assert.deepEqual(await texts('template:request|'), ['"request <*> done" 75'])
  assert.deepEqual(await texts('since:15|'), ['15m'])
  assert.deepEqual(await texts('message:re|'), [])
  assert.deepEqual(await texts('nothing:|'), [])
})

test('half a query is no mistake, a wrong request is', async () => {
  assert.deepEqual(await texts(') OR level:x ( AND /a( source:(w|'), ['web'])
  const wrong = await ask(`${server.url}/api/v1/complete?query=a&cursor=x`)
  assert.equal(wrong.status, 400)
  assert.match(wrong.body, /cursor/)
  const beyond = await ask(`${server.url}/api/v1/complete?query=lev&cursor=99`)
  assert.deepEqual((JSON.parse(beyond.body) as Answer).suggestions[0]!.text, 'level:')
})
