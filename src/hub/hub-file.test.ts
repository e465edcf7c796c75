import assert from 'node:assert/strict'
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { hubFilePath, readHubFile, tendHubFile } from './hub-file.ts'

const place = mkdtempSync(join(tmpdir(), 'logboom-hub-file-'))
after(() => rmSync(place, { recursive: true }))

const file = { url: 'http://127.0.0.1:7420', pid: 1, session: 'now', startedAt: 0, key: 'logboom_key' }
const modeOf = (path: string): number => lstatSync(path).mode & 0o777

/** In it `hub.json` has a name that the system takes and `hub.json.new` one that is too long: no file can take its place. */
function crampedDirectory(): string {
  const longest = 4095 - '/hub.json'.length
  let path = mkdtempSync(join(place, 'cramped-'))
  while (path.length < longest) {
    const room = longest - path.length - 1
    path = join(path, 'd'.repeat(room > 200 ? 100 : room))
  }
  mkdirSync(path, { recursive: true })
  return path
}

test('the file is its owner’s alone, new, replaced and when somebody opened it to others', () => {
  const directory = mkdtempSync(join(place, 'state-'))
  const path = hubFilePath(directory)
  for (const prepare of [
    () => undefined,
    () => writeFileSync(path, '{}', { mode: 0o644 }),
    () => chmodSync(path, 0o644),
  ]) {
    prepare()
    tendHubFile(directory, file)
    assert.deepEqual([modeOf(path), readHubFile(directory)], [0o600, file])
  }
})

test('the file of a killed hub is replaced, also by one of the same session', () => {
  const directory = mkdtempSync(join(place, 'state-'))
  tendHubFile(directory, file)
  tendHubFile(directory, { ...file, pid: 2 })
  assert.equal(readHubFile(directory)?.pid, 2)
})

test('where no file can take its place the old one is written over, and no longer open to others', () => {
  const directory = crampedDirectory()
  const path = hubFilePath(directory)
  writeFileSync(path, JSON.stringify({ ...file, session: 'killed' }).padEnd(300), { mode: 0o644 })
  chmodSync(path, 0o644)
  tendHubFile(directory, file)
  assert.deepEqual([modeOf(path), readHubFile(directory)], [0o600, file])
  assert.equal(lstatSync(path).size, 300)
})

test('a link in its place is not written through', () => {
  const directory = crampedDirectory()
  const victim = join(place, 'victim')
  writeFileSync(victim, 'untouched '.repeat(50), { mode: 0o644 })
  symlinkSync(victim, hubFilePath(directory))
  assert.throws(() => tendHubFile(directory, file), { code: 'ENAMETOOLONG' })
  assert.deepEqual([readFileSync(victim, 'utf8'), modeOf(victim)], ['untouched '.repeat(50), 0o644])
})
