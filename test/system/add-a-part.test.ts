// That a source, a stage, a sink, a store and a query verb are each added with one file and one line: done here to a copy of the
// sources, which is then run.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogRecord } from '../../src/contracts/record.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** Part → the room it goes to. */
const added = { ticks: 'sources', shout: 'stages', tally: 'sinks', noted: 'stores', ip: 'query/verbs' }

function copyProduct(folder: string): void {
  for (const part of ['src', 'bin', 'package.json']) {
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true })
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
}

/** One file into the room, one entry into its list. */
function addPart(folder: string, name: string, room: string): void {
  const text = readFileSync(path.join(root, 'test/system/added-parts', `${name}.ts`), 'utf8')
  writeFileSync(
    path.join(folder, 'src', room, `${name}.ts`),
    text.replaceAll("'../../../src/", `'${'../'.repeat(room.split('/').length)}`),
  )
  const list = path.join(folder, 'src', room, 'index.ts')
  const before = readFileSync(list, 'utf8')
  const after = before.replace(/(= \[)([^\]]*)\]/, (_, open: string, items: string) => {
    return `${open}${[items.trim().replace(/,$/, ''), `(await import('./${name}.ts')).part`].filter(Boolean).join(', ')}]`
  })
  assert.notEqual(after, before, `${list} has a list`)
  writeFileSync(list, after)
}

async function waitFor<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(50)
  }
  throw new Error(`waited in vain for ${what}`)
}

test('a part of each kind is one file and one line', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'logboom-parts-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  copyProduct(folder)
  for (const [name, room] of Object.entries(added)) addPart(folder, name, room)
  const config = { ticks: { clock: { upTo: 25 } }, stages: { shout: { mark: 'very' } }, store: 'noted' }
  writeFileSync(path.join(folder, 'logboom.config.json'), JSON.stringify(config))

  const hub = spawn(process.execPath, ['bin/logboom.js', 'up', '--port', '0'], { cwd: folder, stdio: 'pipe' })
  let output = ''
  for (const stream of [hub.stdout, hub.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(hub, 'exit')
  t.after(() => hub.kill('SIGKILL'))

  const state = path.join(folder, '.logboom')
  const url = await waitFor('the hub', () => {
    assert.equal(hub.exitCode, null, output)
    const file = path.join(state, 'hub.json')
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { url: string }).url : undefined
  })
  const records = await waitFor('the ticks', async () => {
    const response = await fetch(`${url}/api/v1/search?query=source:clock+tick&limit=100&order=oldest`)
    assert.equal(response.status, 200, await response.clone().text())
    const answer = (await response.json()) as { records: LogRecord[] }
    return answer.records.length < 25 ? undefined : answer.records
  })
  const ticks = Array.from({ length: 25 }, (_, index) => `tick ${index + 1}`)
  assert.deepEqual(
    records.map(({ message }) => message),
    ticks,
  )
  assert.ok(records.every(({ fields }) => fields?.['shout'] === 'very'))

  const ask = async (path: string): Promise<unknown> => (await fetch(`${url}/api/v1/${path}`)).json()
  const found = (await ask('search?query=ip:10.0.*&limit=100')) as { records: LogRecord[] }
  assert.deepEqual(
    found.records.map(({ message }) => message),
    ['from 10.0.0.7'],
  )
  const offered = (await ask('complete?query=ip:')) as { suggestions: { text: string }[] }
  assert.deepEqual(
    offered.suggestions.map(({ text }) => text),
    ['127.0.0.1'],
  )

  hub.kill('SIGINT')
  await exited
  assert.equal(readFileSync(path.join(state, 'store/note.txt'), 'utf8'), 'used')
  const tally = JSON.parse(readFileSync(path.join(state, 'tally.json'), 'utf8')) as Record<string, number>
  assert.ok(tally['clock']! >= 25)
})
