import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import * as gaps from './gaps.ts'

test('every gap says how much is missing and why', () => {
  const cases: [gap: gaps.Gap, message: string][] = [
    [gaps.fileGap({ cause: 'truncated', from: 1, to: 3, bytes: 2 }), '2 bytes missing: the file was truncated while it was read'], // oxfmt-ignore
    [gaps.fileGap({ cause: 'removed', from: 5, to: 5, bytes: 'unknown' }), 'an unknown amount missing: the file was removed before it was read to its end'], // oxfmt-ignore
    [gaps.datagramGap('overflow', 1), '1 message missing: they came faster than they could be stored (UDP)'],
    [gaps.cutOffGap(9, '::1'), '9 bytes missing: the connection of ::1 ended within a message'],
    [gaps.journalGap(9), '9 bytes missing: an entry of the journal is too large'],
    [gaps.ruleGap({ lines: 2, fromSeq: 1, toSeq: 4 }), '2 lines left out by rule'],
    [gaps.backlogGap('disk-full', { lines: 1, fromSeq: 7, toSeq: 7 }), '1 line missing: the store could not be written, and memory was full, too'], // oxfmt-ignore
    [
      gaps.storeGap({ file: 'f', first: 1, last: 1, lines: 1, source: 'api' }),
      '1 record of api lost: f is damaged there',
    ],
    [gaps.logFileGap({ file: 'a.log', lines: 3, from: 1, to: 3 }), '3 lines missing in a.log: it could not be written; the store has them'], // oxfmt-ignore
    [gaps.containerGap(undefined), 'an unknown number of lines missing: the engine has thrown away a part of the log that was not read yet'], // oxfmt-ignore
    [gaps.containerGap(2), '2 lines missing: the engine left them out while it rotated the log'],
    [gaps.givenUpGap('a.log', 12), '12 bytes missing: a.log was given up because the disk was full'],
  ]
  for (const [gap, message] of cases) {
    assert.equal(gap.message, message)
    assert.equal(gap.kind, 'gap')
    assert.ok(typeof gap.extras.fields['cause'] === 'string', message)
    assert.ok('lines' in gap.extras.fields || 'bytes' in gap.extras.fields, message)
  }
})

test('docs/troubleshooting.md explains every gap, and no other', () => {
  const docs = readFileSync(path.resolve(import.meta.dirname, '../../docs/troubleshooting.md'), 'utf8')
  const table = docs.slice(docs.indexOf('| the gap says'), docs.indexOf('A row _…'))
  const explained = [...table.matchAll(/^\| (.*?) +\|/gm)].map(([, text]) => text!).slice(2)
  const numbers = { lines: 1, fromSeq: 1, toSeq: 1 }
  const all = [
    ...gaps.fileCauses.map((cause) => gaps.fileGap({ cause, from: 0, to: 1, bytes: 1 })),
    gaps.datagramGap('overflow', 1),
    gaps.datagramGap('kernel', 1),
    gaps.cutOffGap(1, '…'),
    gaps.journalGap(1),
    gaps.ruleGap(numbers),
    gaps.backlogGap('disk-full', numbers),
    gaps.storeGap({ file: '…', first: 1, last: 1, lines: 1 }),
    gaps.logFileGap({ file: '…', lines: 1, from: 1, to: 1 }),
    gaps.givenUpGap('…', 1),
    gaps.spoolGap(numbers),
    gaps.containerGap(undefined),
    gaps.containerGap(1),
    gaps.removedGap(),
  ].map(({ message }) => message)
  assert.deepEqual(
    all.filter((message) => !explained.some((text) => message.includes(text))),
    [],
  )
  assert.deepEqual(
    explained.filter((text) => !all.some((message) => message.includes(text))),
    [],
  )
})
