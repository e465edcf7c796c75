import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { makeAppFolder } from '../app-harness.ts'
import { appFolder, appName } from './app-name.ts'
import { checkOptions, settingsOf } from './parse-options.ts'
import { parseSize } from './parse-size.ts'

test('sizes are read as people write them', () => {
  const sizes = { '10MB': 10_485_760, '512 kb': 524_288, '1.5GB': 1_610_612_736, '4096': 4096, '100B': 100 }
  for (const [text, bytes] of Object.entries(sizes)) assert.equal(parseSize(text), bytes, text)
  for (const text of ['', 'MB', '10 apples', '-1MB', '1e3']) assert.equal(parseSize(text), undefined, text)
})

test('what is wrong with options is said at once, with what to do', () => {
  const cases: [options: unknown, message: RegExp][] = [
    [{ levle: 'debug' }, /unknown option "levle"; did you mean "level"\? Options are logDir, level, /],
    [
      { level: 'loud' },
      /option level cannot be "loud"\. Levels are trace, debug, info, warning, error, critical and silent\./,
    ],
    [{ maxSize: '10 apples' }, /option maxSize cannot be "10 apples"\. Give "10MB"/],
    [{ maxSize: 10 }, /option maxSize cannot be 10\. .*1KB is the least/],
    [{ keep: -1 }, /option keep cannot be -1/],
    [{ compress: 'rar' }, /option compress cannot be "rar"\. Give "gzip", "zstd" or false\./],
    [{ format: 'xml' }, /option format cannot be "xml"/],
    [{ utc: 'yes' }, /option utc cannot be "yes"\. Give true or false\./],
    [{ redact: [1] }, /option redact cannot be this\. Give paths/],
    [{ serializers: { a: 1 } }, /option serializers cannot be this/],
    [{ hub: { url: 'ftp://x' } }, /option hub cannot be this\. Give \{ url/],
    [{ hub: true }, /option hub cannot be true/],
    [{ logDir: '' }, /option logDir cannot be ""\. Give a directory\./],
    [[], /options must be an object/],
    [null, /options must be an object/],
  ]
  for (const [options, message] of cases)
    assert.throws(
      () => checkOptions('host', options),
      (error) => error instanceof TypeError && message.test(error.message),
    )
  for (const name of ['', 7, null]) assert.throws(() => checkOptions(name, {}), /the name must be a text/)
  checkOptions(undefined, { level: undefined, keep: 0, maxSize: 1024, hub: { url: 'http://127.0.0.1:1', token: 't' } })
})

test('settings have the defaults of D3, and the hub of the environment', () => {
  const { maxBytes, keep, compress, format, utc, hub, archiveDir, logDir } = settingsOf({ logDir: '/x' }, {})
  assert.deepEqual(
    { maxBytes, keep, compress, format, utc, hub },
    { maxBytes: 10 * 1024 ** 2, keep: 5, compress: false, format: 'text', utc: false, hub: undefined },
  )
  assert.equal(archiveDir, logDir)
  const environment = { LOGBOOM_URL: 'http://127.0.0.1:7474', LOGBOOM_TOKEN: 'secret' }
  assert.deepEqual(settingsOf({}, environment).hub, { url: 'http://127.0.0.1:7474', token: 'secret' })
  assert.equal(settingsOf({ hub: false }, environment).hub, undefined)
  assert.equal(settingsOf({ logDir: '/x', archiveDir: 'old' }, {}).archiveDir, path.resolve('/x/old'))
})

test('an address of a hub that is none is told, and the application goes on without', async (t) => {
  const app = makeAppFolder(t)
  const { stdout, stderr } = await app.run(`getLogger('a', { logDir }).info('hello')`, {
    LOGBOOM_URL: '127.0.0.1:7474',
  })
  assert.match(stdout, /hello/)
  assert.match(stderr, /^logboom-logger: LOGBOOM_URL is "127\.0\.0\.1:7474", which is no address like .*\n$/)
})

test('the name of an application is that of the nearest package.json that has one', (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-name-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const inner = path.join(directory, 'dist/esm')
  mkdirSync(inner, { recursive: true })
  writeFileSync(path.join(directory, 'package.json'), '{"name":"@shop/api"}')
  writeFileSync(path.join(inner, 'package.json'), '{"type":"module"}')
  assert.equal(appName(path.join(inner, 'main.js')), '@shop/api')
  assert.equal(appName(undefined), 'node')
  assert.deepEqual(['@shop/api', '../..', 'a b', '..'].map(appFolder), ['shop-api', '..-..', 'a-b', 'node'])
})

test('getLogger gives the same logger for a name; other options then are told once', async (t) => {
  const app = makeAppFolder(t)
  const { stdout, stderr } = await app.run(
    `
    const first = getLogger('host', { logDir, keep: 3, redact: ['a'] })
    console.log([getLogger('host'), getLogger('host', { keep: 3, redact: ['a'] }), getLogger('host', { keep: 4 }), getLogger('host', { utc: true })].every((logger) => logger === first))
    console.log(getLoggerFromEnv() === getLogger('worker'), getLogger().name)
    delete process.env.LOGBOOM_PROCESS
    for (const wrong of [() => getLoggerFromEnv(), () => getLogger('a..b'), () => getLogger('.')])
      try { wrong() } catch (error) { console.log((error as Error).message) }
    console.log(getLogger().name)`,
    { LOGBOOM_PROCESS: 'worker', TMPDIR: app.directory },
  )
  assert.equal(
    stdout,
    [
      'true',
      'true worker',
      'getLoggerFromEnv: LOGBOOM_PROCESS is not set. Run with `LOGBOOM_PROCESS=host node app.js`, or call getLogger("host").',
      'getLogger: "a..b" has an empty part; write "host.db".',
      'getLogger: "." has an empty part; write "host.db".',
      'shop-api',
      '',
    ].join('\n'),
  )
  assert.match(
    stderr,
    /^logboom-logger: getLogger\("host"\) was called with other options before \(keep\); the first ones stay\..*\n$/,
  )
})
