import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideArchive, type ArchiveDecision, type GoneText, type TextThere } from './decide-archive.ts'

const gone = (place: string, how: Partial<GoneText<string>> = {}): GoneText<string> => ({
  place,
  offset: 10,
  isNear: true,
  holds: 'all',
  ...how,
})
const there = (how: Partial<TextThere> = {}): TextThere => ({ isNear: true, isRead: true, isYounger: false, ...how })

const cases: [what: string, gone: GoneText<string>[], there: TextThere[], decision: ArchiveDecision<string>][] = [
  ['nothing is known of its text', [], [], 'everything'],
  ['a file that went was read to a place in it', [gone('a')], [], { rest: 'a' }],
  ['two were, as when it was killed while it was unpacked', [gone('a'), gone('b', { offset: 20 })], [], { rest: 'b' }],
  ['a file that went has more: this is an early copy', [gone('a', { holds: 'part' })], [], 'nothing'],
  ['one has more, one has less', [gone('a', { holds: 'part', offset: 90 }), gone('b')], [], { rest: 'b' }],
  [
    'a log of another name went that begins alike',
    [gone('a', { isNear: false, offset: 20 }), gone('b')],
    [],
    { rest: 'b' },
  ],
  ['only one of another name went: moved and renamed', [gone('a', { isNear: false })], [], { rest: 'a' }],
  ['a copy of the log, which is read there', [], [there({ isRead: false })], 'wait'],
  ['a copy of the log, which was read there', [], [there()], 'nothing'],
  ['two copies', [], [there({ isRead: false }), there()], 'nothing'],
  ['the log went on with a text that begins alike', [gone('a')], [there()], { rest: 'a' }],
  ['a log was made later that says the same', [], [there({ isYounger: true })], 'everything'],
  ['a log of another name has the text, too', [gone('a')], [there({ isNear: false })], { rest: 'a' }],
  ['a log of another name alone has it', [], [there({ isNear: false })], 'nothing'],
  [
    'the log may be truncated, another begins alike',
    [gone('a', { isNear: false })],
    [there({ isRead: false })],
    'wait',
  ],
]

test('an archive is read where no file has its text, or on from where that was read', () => {
  for (const [what, known, others, decision] of cases) assert.deepEqual(decideArchive(known, others), decision, what)
})
