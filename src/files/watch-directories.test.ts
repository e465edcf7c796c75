import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDirectoryWatch } from './watch-directories.ts'

test('what cannot even be looked at is as good as absent, and nothing is thrown', (t) => {
  const place = mkdtempSync(path.join(tmpdir(), 'logboom-watch-'))
  t.after(() => rmSync(place, { recursive: true, force: true }))
  const watched = openDirectoryWatch(() => undefined)
  t.after(() => watched.close())
  const directory = path.join(place, 'logs')
  const wanted = new Set([directory])
  mkdirSync(directory)
  assert.equal(watched.watch(wanted), false)
  assert.equal(watched.isStale(wanted), false)
  renameSync(directory, `${directory}.1`)
  // Links in a ring are an error of the system's own, as are missing rights and disks that are gone.
  symlinkSync('logs', directory)
  assert.equal(watched.isStale(wanted), true)
  assert.equal(watched.watch(wanted), false)
  assert.equal(watched.isStale(wanted), false)
})

test('a directory that comes is told, though it is not there when it is asked for', async (t) => {
  const place = mkdtempSync(path.join(tmpdir(), 'logboom-watch-'))
  t.after(() => rmSync(place, { recursive: true, force: true }))
  let changes = 0
  const watched = openDirectoryWatch(() => changes++)
  t.after(() => watched.close())
  const directory = path.join(place, 'a/b')
  const wanted = new Set([directory])
  watched.watch(wanted)
  const changed = async (): Promise<void> => {
    for (const deadline = Date.now() + 5000; changes === 0 && Date.now() < deadline;) await sleep(5)
    assert.ok(changes > 0)
    changes = 0
  }
  mkdirSync(path.join(place, 'a'))
  await changed()
  watched.watch(wanted)
  mkdirSync(directory)
  await changed()
  watched.watch(wanted)
  assert.equal(watched.watch(wanted), true)
  writeFileSync(path.join(directory, 'app.log'), 'x')
  await changed()
})
