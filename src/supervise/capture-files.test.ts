import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { encodeName, findCaptureFiles, openCaptureFiles } from './capture-files.ts'
import { temporaryDirectory } from './test-context.ts'

test('any name makes one file name, and no two the same', () => {
  const names = ['game_control', 'a/b', '../x', '.', '..', 'a%2Fb', 'ä 📸', '\ud800', 'A.b-c']
  const encoded = names.map(encodeName)
  assert.deepEqual(encoded.slice(0, 7), [
    'game_control',
    'a%2Fb',
    '..%2Fx',
    '%2E',
    '%2E%2E',
    'a%252Fb',
    '%C3%A4%20%F0%9F%93%B8',
  ])
  assert.ok(encoded.every((name) => /^[\w.%-]+$/.test(name)))
  assert.equal(new Set(encoded).size, names.length)
})

test('capture files are private and are found again', (t) => {
  const place = { captureDirectory: `${temporaryDirectory(t)}/capture`, source: 'a/b', run: 7 }
  assert.deepEqual(findCaptureFiles(place), [])
  const { files, close } = openCaptureFiles(place)
  close()
  assert.deepEqual(findCaptureFiles(place), files)
  assert.deepEqual(
    files.map((file) => file.path.replace(place.captureDirectory, '')),
    ['/a%2Fb/7.stdout', '/a%2Fb/7.stderr'],
  )
  assert.equal(statSync(files[0]!.path).mode & 0o777, 0o600)
  assert.equal(statSync(dirname(files[0]!.path)).mode & 0o777, 0o700)
})
