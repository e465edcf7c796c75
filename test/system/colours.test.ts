// Colours are no text: whatever reads a line (masks, formats, rules, searches, readiness, joined lines) sees it without its
// escape sequences; the record keeps them, terminals show them, files have none.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { LogRecord } from '../../src/client/index.ts'
import { startHub, until, type HubProcess } from '../hub-process.ts'
import { printBytes } from './print-bytes.ts'

const secret = 'hunter2hunter2'
const bearer = 'abcdef0123456789abcdef'

/** Ways to colour the word between `before` and `after`. */
const wraps: [name: string, before: string, after: string][] = [
  ['sgr', '\x1b[32m', '\x1b[0m'],
  ['rgb', '\x1b[38;2;1;2;3m', '\x1b[m'],
  ['colons', '\x1b[38:2::1:2:3m', '\x1b[39m'],
  ['c1', '\u009b1m', '\u009b0m'],
  ['link', '\x1b]8;;https://a.example/x\x1b\\', '\x1b]8;;\x1b\\'],
  ['link-bel', '\x1b]8;;https://a.example/x\x07', '\x1b]8;;\x07'],
  ['title', '\x1b]0;a title\x07', '\x1b(B\x1b[m'],
  ['device', '\x1bP1$r0m\x1b\\', '\x1b[m\x0f'],
]

const [first, second] = [secret.slice(0, 5), secret.slice(5)]
const secretLines = wraps.flatMap(([name, on, off]) => [
  `${name} password: ${on}'${secret}'${off} end`,
  `${name} ${on}password${off}=${on}${secret}${off} end`,
  `${name} pass${on}word=${first}${off}${second} end`,
  `${name} ${on}DB_PASSWORD${off}${on}=${off}${on}${secret}${off} end`,
  `${name} Authorization: ${on}Bearer${off} ${on}${bearer}${off} end`,
  `${name} sent Bea${on}rer ${bearer.slice(0, 3)}${off}${bearer.slice(3)} end`,
  `${name} postgres://app${on}:${off}${first}${on}${second}${off}@db/shop end`,
])
const hiddenLines = [
  `link \x1b]8;;https://u:${secret}@a.example/?token=${secret}\x1b\\click\x1b]8;;\x1b\\ end`,
  `title \x1b]0;password=${secret}\x07 end`,
  `unfinished password=\x1b[3${secret} end`,
  `escaped {"msg":"password: \\u001b[32m'${secret}'\\u001b[0m end"}`,
  `each password=${Array.from(secret, (letter) => `\x1b[1m${letter}\x1b[0m`).join('')} end`,
  `\x1b[1;34m{\x1b[0m\x1b[34m"msg"\x1b[0m: \x1b[32m"end"\x1b[0m, \x1b[34m"password"\x1b[0m: \x1b[32m"${secret}"\x1b[0m}`,
]

const plainLines = [
  '\x1b[32mGET\x1b[0m /orders/\x1b[1m42\x1b[0m connection \x1b[31mrefused\x1b[0m at once',
  'level=info msg=\x1b[1mpaid\x1b[0m \x1b[36muser\x1b[0m=\x1b[35mada\x1b[0m \x1b[36mduration_ms\x1b[0m=\x1b[33m250\x1b[0m',
  '\x1b[2m2025-10-19T05:55:47Z\x1b[0m \x1b[31mERROR\x1b[0m time\x1b[4mout\x1b[24m of the shop',
  '\x1b[34m{"level":"warn","msg":"in \x1b[35mcolour","order":7}\x1b[0m',
  '\x1b[33m[AUDIT] key turned\x1b[0m',
  '\x1b[90mnoise\x1b[0m of the \x1b[1mworld\x1b[0m',
]
const trace = ['\x1b[31mTraceback (most recent call last):\x1b[0m', '\x1b[2m  File "a.py", line 1, in f\x1b[0m', '\x1b[31mValueError: no\x1b[0m'] // oxfmt-ignore

suite('colours are no text', () => {
  let hub: HubProcess

  before(async () => {
    const all = [...secretLines, ...hiddenLines, ...plainLines, ...trace, 'the last line']
    hub = await startHub({
      processes: {
        tinted: { command: printBytes(`${all.join('\n')}\n`), restart: 'never' },
        server: {
          command: [
            'sh',
            '-c',
            String.raw`printf '\033[32mListening\033[0m on \033[1mport 80\033[0m\n'; exec sleep 600`,
          ],
          ready: { log: '^Listening on port 80$', timeoutMs: 20_000 },
        },
      },
      files: { file: { paths: 'app.log', start: 'beginning' } },
      stages: { drop: { rules: [{ query: '"noise of the world"' }] } },
    })
    await until('the last line', async () => (await search('source:tinted "the last line"')).length === 1)
  })
  after(() => hub?.close())

  const search = async (query: string): Promise<LogRecord[]> =>
    (await hub.client.search({ query, limit: 1000 })).records

  test('secrets are masked behind, within and before colours, and the colours stay', async () => {
    const stored = await search('source:tinted kind:system')
    const everywhere = [
      ...stored.map((record) => JSON.stringify(record)),
      readFileSync(path.join(hub.stateDirectory, 'logs/tinted.log'), 'utf8'),
      (await hub.command('logs', '--no-color', '-n', '1000')).stdout,
      (await hub.command('export', '--format', 'csv')).stdout,
    ]
    for (const text of everywhere)
      for (const part of [secret, first, second, bearer.slice(3), bearer.slice(4, 12)])
        assert.ok(!text.includes(part), `${part} stands in ${text.slice(0, 2000)}`)
    const coloured = stored.find(({ message }) => message.startsWith('sgr password:'))
    assert.equal(coloured?.message, "sgr password: \x1b[32m'***'\x1b[0m end")
    assert.equal(coloured.fields?.['logboom.masked'], 1)
    for (const [name] of wraps) assert.ok((await search(`/^${name} .* end$/`)).length >= 7, name)
  })

  test('words, phrases, anchors, fields and templates are found as they are read', async () => {
    const found: [query: string, count: number][] = [
      ['"connection refused at once"', 1],
      ['/^GET /', 1],
      ['/orders/', 1],
      ['"/orders/42 connection"', 1],
      ['"user=ada"', 0],
      ['user=ada', 1],
      ['user:ada duration_ms>200', 1],
      ['"timeout of the shop" level:error', 1],
      ['/timeout .* shop$/', 1],
      ['message:/^timeout/', 1],
      ['order:7 level:warning', 1],
      ['kind:audit', 1],
      ['template:"GET /orders/<*> connection refused at once"', 1],
      ['"38;2"', 0],
      ['"[1m"', 0],
      ['"a.example"', 0],
      ['noise', 0],
    ]
    for (const [query, count] of found) assert.equal((await search(`source:tinted kind!=event ${query}`)).length, count, query) // oxfmt-ignore
    const [joined] = await search('source:tinted "Traceback"')
    assert.equal(joined?.message, trace.join('\n'))
  })

  test('what comes over HTTP is read in the same way', async () => {
    const lines = [
      { message: `\x1b[1mpassword\x1b[0m: \x1b[32m${secret}`, note: `\x1b[1mtoken=\x1b[0m${secret}`, user: '\x1b[3mada\x1b[m' },
      { message: '\x1b[33m[AUDIT]\x1b[0m door opened', level: '\x1b[31merror\x1b[0m', db: { password: secret, port: 7 } },
    ] // oxfmt-ignore
    const body = lines.map((line) => JSON.stringify(line)).join('\n')
    const headers = { 'content-type': 'application/x-ndjson' }
    const { status } = await fetch(`${hub.url}/api/v1/ingest?source=posted`, { method: 'POST', body, headers })
    assert.equal(status, 200)
    const posted = await until('both', async () => {
      const found = await search('source:posted')
      return found.length === 2 && found
    })
    assert.ok(!JSON.stringify(posted).includes(first!), JSON.stringify(posted))
    assert.equal((await search('source:posted user:ada "password: ***"')).length, 1)
    assert.equal((await search('source:posted kind:audit level:error "door opened"')).length, 1)
  })

  test('a readiness pattern meets a coloured line', async () => {
    await until('ready', async () => (await hub.client.sources()).some(({ name, state }) => name === 'server' && state === 'ready')) // oxfmt-ignore
  })

  test('live, on the terminal and in exports: colours where they are looked at, none where they are read', async () => {
    const live: LogRecord[] = []
    const query = 'source:file "payment failed" -"[31m"'
    const following = hub.client.follow({ query }, { records: (records) => void live.push(...records) })
    writeFileSync(path.join(hub.directory, 'app.log'), 'x\x1b[31mpay\x1b[1mment\x1b[0m failed\n')
    await until('it is found live', () => live.length === 1)
    following.close()
    const [record] = await search('source:file payment')
    assert.equal(record?.message, 'x\x1b[31mpay\x1b[1mment\x1b[0m failed')
    const csv = (await hub.command('export', '--format', 'csv', 'source:file kind:system')).stdout
    assert.match(csv, /,xpayment failed,/)
    const { stdout } = await hub.command('logs', '--source', 'file', '--json')
    assert.match(stdout, /x\\u001b\[31mpay/)
  })
})
