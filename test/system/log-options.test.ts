// Options of log files, as docs/log-files.md has them: its table says what the defaults are, and its example does what stands there.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { parse } from 'yaml'
import { z } from 'zod'
import { logFile } from '../../src/sinks/log-file.ts'
import { sessionFile } from '../../src/sinks/session-file.ts'
import { startHub, until } from '../hub-process.ts'

const docs = readFileSync(path.join(import.meta.dirname, '../../docs/log-files.md'), 'utf8')

test('the table has every option with its default', () => {
  const rows = [...docs.matchAll(/^\| `(\w+)` +\| (both|`\w+`) +\| (.*?) +\|/gm)]
  const written = rows.flatMap(([, option, of, value]) =>
    (of === 'both' ? ['logFile', 'sessionFile'] : [of!.slice(1, -1)]).map((sink) => `${sink}.${option}: ${value}`),
  )
  const elsewhere: Record<string, string> = { directory: "`logs`, `sessions` in the state's", archiveDirectory: 'none' }
  const real = [logFile, sessionFile].flatMap((sink) => {
    const schema = sink.options(z) as unknown as z.ZodObject
    const defaults = schema.parse({})
    return Object.keys(schema.shape).map((option) => {
      const value = defaults[option]
      return `${sink.name}.${option}: ${value === undefined ? elsewhere[option] : `\`${String(value)}\``}`
    })
  })
  assert.deepEqual(written.sort(), real.sort())
})

test('the example does what it says', async (t) => {
  const [, yaml] = /```yaml\n([^`]*)```/.exec(docs)!
  const { sinks } = parse(yaml!) as { sinks: object }
  const count = 500
  const print = `for (let n = 0; n < ${count}; n++) console.log(JSON.stringify({ msg: '\\u001b[31mred\\u001b[0m n=' + n, order: 17 })); setInterval(() => {}, 1e6)`
  // Rotated files are tidied while lines come, of whatever source.
  const ticks = 'while :; do echo tick; sleep 0.2; done'
  const hub = await startHub({
    processes: { 'api/x': { command: [process.execPath, '-e', print] }, ticker: { command: ticks } },
    sinks,
  })
  t.after(() => hub.close())
  const out = path.join(hub.directory, 'out')
  const current = path.join(out, 'api%2Fx.log')
  const rotated = (): string[] => (existsSync(path.join(out, 'old')) ? readdirSync(path.join(out, 'old')).sort() : [])
  await until(
    'all is written',
    () => existsSync(current) && readFileSync(current, 'utf8').includes(` n=${count - 1}\n`),
  )
  await until('two rotated files, compressed', () => rotated().length === 2 && rotated().every((name) => name.endsWith('.log.gz'))) // oxfmt-ignore

  const text = readFileSync(current, 'utf8')
  const numbers = rotated().map((name) => Number(/^api%2Fx\.(\d+)\.log\.gz$/.exec(name)?.[1]))
  assert.equal(numbers[1], numbers[0]! + 1, 'the newest two')
  assert.ok(numbers[0]! > 1)
  const older = gunzipSync(readFileSync(path.join(out, 'old', rotated()[1]!))).toString()
  assert.ok(older.length <= 4096 && text.length <= 4096)
  const shown = `${older}${text}`.matchAll(/ n=(\d+)$/gm)
  const all = [...shown].map((match) => Number(match[1]))
  assert.deepEqual(
    all,
    Array.from({ length: all.length }, (_, index) => count - all.length + index),
  )
  const [first] = text.split('\n')
  const [, time] = /^(\S+ \S+) \[\d+\] \[INFO\] \u001b\[31mred\u001b\[0m n=\d+$/.exec(first!) ?? assert.fail(first)
  assert.ok(Math.abs(Date.parse(`${time!.replace(' ', 'T')}Z`) - Date.now()) < 600_000, 'in UTC')
  assert.deepEqual([existsSync(path.join(hub.stateDirectory, 'logs')), existsSync(path.join(hub.stateDirectory, 'sessions'))], [false, false]) // oxfmt-ignore
})
