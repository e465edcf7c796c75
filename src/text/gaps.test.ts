import assert from 'node:assert/strict'
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
    [gaps.givenUpGap('a.log', 12), '12 bytes missing: a.log was given up because the disk was full'],
  ]
  for (const [gap, message] of cases) {
    assert.equal(gap.message, message)
    assert.equal(gap.kind, 'gap')
    assert.ok(typeof gap.extras.fields['cause'] === 'string', message)
    assert.ok('lines' in gap.extras.fields || 'bytes' in gap.extras.fields, message)
  }
})
