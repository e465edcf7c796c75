import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { decodeLogName, encodeLogName, listLogFiles, logFilePath, parseLogName } from './log-names.ts'
import { scratch } from './sink-test-batch.ts'

const awkward = [
  'api',
  'a.b-c_d',
  '..',
  '.',
  '',
  ' ',
  'a/b',
  'a\\b',
  '.x',
  'x.log',
  'x.7',
  'x.previous',
  '100%',
  'ä€😀',
  'a\nb',
  '%41',
]

test('every source has a safe file name of its own, and is known by it', () => {
  const names = awkward.map(encodeLogName)
  assert.equal(new Set(names).size, names.length)
  awkward.forEach((source, i) => {
    assert.match(names[i]!, /^(?!\.)[A-Za-z0-9._%-]+$/)
    const file = path.basename(logFilePath('/logs', source))
    assert.deepEqual(parseLogName(file), { base: names[i], role: 'current', compressed: false })
    if (source !== '') assert.equal(decodeLogName(names[i]!), source)
  })
})

test('long names stay apart and within what file systems allow', () => {
  const a = encodeLogName('ü'.repeat(300) + 'a')
  const b = encodeLogName('ü'.repeat(300) + 'b')
  assert.notEqual(a, b)
  assert.ok(`${a}.previous.log`.length < 255)
  assert.equal(decodeLogName(a), a)
})

test('log files that are there are found, others are not', (t) => {
  const directory = scratch(t)
  for (const file of [
    'b.log',
    'a%2Fb.log',
    'b.previous.log',
    'b.12.log',
    'b.3.log.gz',
    'notes.txt',
    'b.4.log.gz.tmp',
  ]) {
    writeFileSync(path.join(directory, file), 'x\n')
  }
  assert.deepEqual(
    listLogFiles(directory).map(({ source, role, part, compressed, bytes }) => [source, role, part, compressed, bytes]),
    [
      ['a/b', 'current', undefined, false, 2],
      ['b', 'current', undefined, false, 2],
      ['b', 'previous', undefined, false, 2],
      ['b', 'rotated', 3, true, 2],
      ['b', 'rotated', 12, false, 2],
    ],
  )
  assert.deepEqual(listLogFiles(path.join(directory, 'none')), [])
})
