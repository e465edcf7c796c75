// The programs of docs/logging.md, run as they stand there with the logger as it is installed; below each stands what it prints.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'

const root = path.resolve(import.meta.dirname, '../..')
const doc = readFileSync(path.join(root, 'docs/logging.md'), 'utf8')
const examples = [...doc.matchAll(/^```js\n(.*?)^```\n\n((?: {4}[^\n]*\n)+)/gms)].map(([, code, output]) => ({ code: code!, output: output!.replaceAll(/^ {4}/gm, '') })) // oxfmt-ignore

/** Times and PIDs as the guide has them. */
const asInDocs = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\d(.)\d\d:\d\d:\d\d\.\d{3}/g, '2025-10-19$105:55:47.606')
    .replaceAll(/^\[\d\d:\d\d:\d\d\] \[\d+\]/gm, '[05:55:47] [4157]')

test('the programs of the guide print what it says', (t) => {
  execFileSync(process.execPath, [path.join(root, 'scripts/ensure-logger.ts')])
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-guide-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  mkdirSync(path.join(directory, 'node_modules'))
  symlinkSync(path.join(root, 'logger'), path.join(directory, 'node_modules/logboom-logger'))
  symlinkSync(path.join(root, 'node_modules/ws'), path.join(directory, 'node_modules/ws'))
  writeFileSync(path.join(directory, 'package.json'), '{"name":"guide","type":"module"}')
  assert.ok(examples.length >= 5)
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(LOGBOOM_|LOG_LEVEL|NODE_|FORCE_COLOR)/.test(name)),
  )
  for (const { code, output } of examples) {
    writeFileSync(path.join(directory, 'app.js'), code)
    const { stdout, stderr, status } = spawnSync(process.execPath, ['app.js'], {
      cwd: directory,
      env,
      encoding: 'utf8',
    })
    assert.deepEqual([asInDocs(stdout), stderr, status], [asInDocs(output), '', 0], code)
  }
  const [, lines] = /has the same with the whole time:\n\n((?: {4}.*\n)+)/.exec(doc)!
  const pids = (text: string): string => asInDocs(text).replaceAll(/ \[\d+\] /g, ' [4157] ')
  assert.equal(
    pids(readFileSync(path.join(directory, 'logs/host.log'), 'utf8')),
    pids(lines!.replaceAll(/^ {4}/gm, '')),
  )
})
