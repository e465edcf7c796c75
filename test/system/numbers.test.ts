// Numbers keep the digits that came, and objects their keys, on every way out of the log: live, stored, sealed, without a hub.
// Nothing here reads JSON by JSON.parse, which would lose what is looked for.
import assert from 'node:assert/strict'
import { appendFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { startHub, until, type HubProcess } from '../hub-process.ts'

const numbers = [
  '9007199254740993', '9007199254740992', '9007199254740992.0', '-9007199254740993', '123456789012345678901234567890', '12.50', '12.5',
  '1.0', '-0', '-0.0', '1E5', '100000', '1e400', '1.5e-400', '-12.0e+3', '0.1000000000000000055511151231257827', '7'.repeat(2000), '42',
] // oxfmt-ignore

/** What stands behind the message of each line, and must stand so everywhere. */
const fieldsOf = (number: string): string =>
  `"v":${number},"in":{"list":[${number},"${number}",{"k":${number}}],"o":{}}`
const lineOf = (number: string, index: number): string => `{"msg":"number ${index}",${fieldsOf(number)}}`
const twice = '"k":9007199254740993,"k":"two","in":{"k":1.0,"k":[2.00]}'
const depths = `${'['.repeat(90)}1.50${']'.repeat(90)}`
/** Too deep for fields: it stays text. In a body that is one JSON value it is refused. */
const nested = `{"msg":"deep","v":${depths}}`
const lines = [...numbers.map(lineOf), `{"msg":"keys",${twice}}`, nested]
/** As Python's json writes them. */
const spaced = lines.map((line) => (line === nested ? line : line.replaceAll(/([:,])(?=["\d[{-])/g, '$1 ')))

const sources = ['printed', 'sent', 'listed', 'spaced']
const all = `kind:system (${sources.map((source) => `source:${source}`).join(' OR ')})`
let hub: HubProcess
let live = ''

before(async () => {
  hub = await startHub({
    processes: {
      printed: { command: ['sh', '-c', 'cat lines; sleep 1000'], autostart: false, restart: 'never' },
      spaced: { command: ['sh', '-c', 'cat spaced; sleep 1000'], autostart: false, restart: 'never' },
    },
    files: { texts: { paths: 'texts.log', start: 'beginning' } },
  })
  writeFileSync(path.join(hub.directory, 'lines'), `${lines.join('\n')}\n`)
  writeFileSync(path.join(hub.directory, 'spaced'), `${spaced.join('\n')}\n`)
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/follow`)
  socket.addEventListener('message', ({ data }) => (live += String(data)))
  socket.addEventListener('open', () => socket.send('{"after":0}'))
  await until('the follow is live', () => live.includes('"type":"live"'))
  await hub.client.control('printed', 'start')
  await hub.client.control('spaced', 'start')
  await send('sent', 'application/x-ndjson', lines.join('\n'))
  await send('listed', 'application/json', `[${spaced.slice(0, -1).join(' ,\n ')}]`)
  const count = sources.length * lines.length - 1
  const isThere = async (): Promise<boolean> => (await countOf(all)) === count
  await until('all is stored', isThere)
})

after(() => hub.close())

async function send(source: string, type: string, body: string): Promise<void> {
  const headers = { 'content-type': type }
  const answer = await fetch(`${hub.url}/api/v1/ingest?source=${source}`, { method: 'POST', headers, body })
  assert.equal(answer.status, 200, await answer.text())
}

async function get(route: string, parameters: Record<string, string>): Promise<string> {
  return (await fetch(`${hub.url}/api/v1/${route}?${new URLSearchParams(parameters)}`)).text()
}

async function countOf(query: string): Promise<number> {
  return Number(/"count":(\d+)/.exec(await get('summary', { query }))![1])
}

/** Every line of every source, `copies` times. */
function assertAll(text: string, what: string, copies = sources.length): void {
  const counted = (part: string): number => text.split(part).length - 1
  for (const number of numbers) assert.equal(counted(fieldsOf(number)), copies, `${what}: ${number.slice(0, 50)}`)
  assert.equal(counted(twice), copies, `${what}: keys that are there twice`)
  assert.equal(counted(depths), copies - 1, `${what}: too deep for a field`)
}

async function events(query: string): Promise<string> {
  const answer = await fetch(`${hub.url}/api/v1/follow?${new URLSearchParams({ query, after: '0' })}`)
  let text = ''
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('"type":"live"')) break
  }
  return text
}

async function printed(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await hub.command(...words)
  assert.equal(code, 0, stderr)
  return stdout
}

async function assertEveryWayOut(): Promise<void> {
  const query = all
  const found = await get('search', { query, limit: '1000' })
  assertAll(found, 'search')
  assertAll(await get('search', { query, limit: '1000', order: 'latest' }), 'search by time')
  assertAll(await get('export', { query }), 'export')
  assertAll((await get('export', { query, format: 'csv' })).replaceAll('""', '"'), 'CSV')
  assertAll(await events(query), 'server-sent events')
  const id = /"id":(\d+),(?:(?!"id").)*"source":"sent"/.exec(found)![1]!
  assertAll(await get('context', { id, before: '1000', after: '1000', scope: 'all' }), 'context')
}

/** How many different ones there are, as they are written. */
async function assertFacets(): Promise<void> {
  const facets = await get('summary', { query: 'source:sent', facets: 'v', facetLimit: '100' })
  for (const number of numbers.filter(({ length }) => length <= 256))
    assert.ok(facets.includes(`{"value":"${number}","count":1}`), `${number} in ${facets.slice(0, 2000)}`)
  const keys = await get('summary', { query: 'source:sent', facets: 'k' })
  for (const value of ['9007199254740993', 'two']) assert.ok(keys.includes(`{"value":"${value}","count":1}`), keys)
}

const exact: [query: string, count: number][] = [
  ['v:9007199254740993', 1],
  ['v:9007199254740992', 2],
  ['v:9007199254740994', 0],
  ['v:-9007199254740993', 1],
  ['v>9007199254740992 v<9007199254740994', 1],
  ['v>=9007199254740992 v<=9007199254740992', 2],
  ['v:9007199254740992.5..9007199254740993', 1],
  ['v<-9007199254740992', 1],
  ['v:123456789012345678901234567890', 1],
  ['v:123456789012345678901234567891', 0],
  ['v:12.5', 2],
  ['v:12.50', 2],
  ['v="12.500"', 2],
  ['v:100000', 2],
  ['v:1e5', 2],
  ['v:0', 2],
  ['v:1e400', 1],
  ['v:1e401', 0],
  ['v>1e399', 2],
  ['v>1e400', 1],
  ['v:0..1e-399', 3],
  ['v:0.1', 0],
  [`v:${'7'.repeat(2000)}`, 1],
  [`v:${'7'.repeat(1999)}8`, 0],
  ['v:12*', 3],
  ['v:-12000', 1],
  ['in.list.k:100000', 2],
  ['in.list:9007199254740993', 1],
  ['k:9007199254740993', 1],
  ['k:9007199254740992', 0],
  ['k:two', 1],
  ['in.k:1', 1],
  ['in.k>1.5', 1],
  ['has:v', numbers.length],
]

async function assertExact(): Promise<void> {
  for (const [query, count] of exact) {
    // A name and a value may also be found as text, which is another question.
    const asField = query.replaceAll(/(^| )(?!has)([a-z.]+):(?!.*\.\.)/g, '$1fields.$2:')
    assert.equal(await countOf(`${all} ${asField}`), count * sources.length, asField.slice(0, 60))
  }
}

test('live', async () => {
  await until('all frames', () => live.split(depths).length === sources.length)
  assertAll(live, 'live')
})
test('in every answer', assertEveryWayOut)
test('numbers are compared digit by digit', assertExact)
test('facets show what is written', assertFacets)

test('the command line prints what is written', async () => {
  assertAll(await printed('logs', '--json', '-n', '1000', all), 'logs --json')
  const text = await printed('logs', '-n', '1000', '-s', 'sent')
  for (const number of numbers) assert.ok(text.includes(` v=${number} in=`), number)
  assert.ok(text.includes(' k=9007199254740993 k=two in='), text)
})

test('digits in lines of text', async () => {
  const now = new Date().toISOString()
  const texts = [
    `time=${now} level=info msg=logfmt id=9007199254740993 price=12.50 zero=-0 size=1e400`,
    `<14>1 ${now} host app 0042 - [id@1 n="9007199254740993" n="12.50" m="-0"] structured`,
    `${now}\tINFO\tshop\ttake.go:12\tzap\t{"id":9007199254740993,"price":12.50,"id":1E5}`,
  ]
  appendFileSync(path.join(hub.directory, 'texts.log'), `${texts.join('\n')}\n`)
  await until('three records', async () => (await countOf('source:texts kind:system')) === 3)
  const found = await get('search', { query: 'source:texts' })
  assert.match(found, /"id":"9007199254740993","price":"12.50","zero":"-0","size":"1e400"/)
  assert.match(found, /"process.pid":"0042".*"n":\["9007199254740993","12.50"\],"m":"-0"/)
  assert.match(found, /"id":9007199254740993,"id":1E5,"price":12.50/)
  assert.equal(await countOf('source:texts fields.id:9007199254740993'), 2)
  assert.equal(await countOf('source:texts fields.id:9007199254740992'), 0)
  assert.equal(await countOf('source:texts id>9007199254740992'), 2)
})

test('the same once it is sealed, and without a hub', async () => {
  const filler = Array.from({ length: 12 }, (_, i) => `filler ${i} ${'x'.repeat(1_000_000)}`).join('\n')
  // A tail is sealed when it has 32 MiB and more comes.
  for (const body of [filler, filler, filler, 'one more']) await send('filler', 'text/plain', body)
  const isSealed = async (): Promise<boolean> => /"days":\[\{/.test(await get('store', {}))
  await until('the tail is sealed', isSealed)
  await assertEveryWayOut()
  await assertExact()
  await assertFacets()
  await hub.end('SIGINT')
  assertAll(await printed('export', all), 'export of the files')
  assertAll(await printed('logs', '--json', '-n', '1000', all), 'logs of the files')
})
