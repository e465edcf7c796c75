import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesHaveAnsi, escapeTerminal, stripAnsi, stripAnsiBytes, textHasAnsi } from './ansi.ts'
import { plainText, plainTexts } from './plain-texts.ts'

function stripBytes(text: string): string {
  const source = Buffer.from(`<<${text}>>`)
  const target = Buffer.alloc(source.length + 3, '!')
  const length = stripAnsiBytes(source, 2, source.length - 2, target, 3)
  assert.equal(target.subarray(0, 3).toString(), '!!!')
  const column = plainTexts({ bytes: source, start: Uint32Array.of(0, 2), end: Uint32Array.of(2, source.length - 2) })
  assert.equal(Buffer.from(column.bytes.subarray(column.start[1], column.end[1])).toString(), stripAnsi(text))
  const plain = plainText(source, 2, source.length - 2)
  assert.equal(plain?.bytes.toString() ?? text, stripAnsi(text))
  plain?.bytes.forEach((byte, i) => assert.equal(source[plain.places[i]!], byte))
  assert.equal(bytesHaveAnsi(source), stripAnsi(text) !== text)
  assert.equal(textHasAnsi(source, 2, source.length - 2), stripAnsi(text) !== text)
  return target.subarray(3, 3 + length).toString()
}

const cases: [name: string, text: string, stripped: string][] = [
  ['colours', '\x1b[1;31mred\x1b[0m and \x1b[38;2;1;2;3mrgb\x1b[m', 'red and rgb'],
  ['cursor and modes', '\x1b[2J\x1b[?25lx\x1b[10;20Hy\x1b[1 q', 'xy'],
  ['a title', '\x1b]0;owned\x07text', 'text'],
  ['a link', '\x1b]8;;http://x/\x1b\\here\x1b]8;;\x1b\\.', 'here.'],
  ['a device string', 'a\x1bP1$r0m\x1b\\b\x1b_app\x1b\\c', 'abc'],
  ['character sets and short ones', '\x1b(B\x1b7\x1b=x\x1bc', 'x'],
  ['8-bit introducers', '\x9b31mred\x9b0m \x9d0;t\x9ctext\x90q\x9c', 'red text'],
  ['a title without an end keeps the text', '\x1b]0;never closed, and more', '0;never closed, and more'],
  ['a title ended by a line feed keeps it', '\x1b]0;a\nb\x07', '0;a\nb\x07'],
  ['a sequence broken by text', '\x1b[31é \x1b[12', 'é '],
  ['a shift behind a reset', '\x1b[m\x0fa\x0fb', 'a\x0fb'],
  ['an escape on its own', 'a\x1b', 'a'],
  ['an escape before what is no sequence', '\x1b\x1b[31m!\x1b"', '!'],
  ['letters that are not ASCII', 'Â©ÀÿĀ😀 ›', 'Â©ÀÿĀ😀 ›'],
  ['other control characters', 'a\tb\0c\x7f\b', 'a\tb\0c\x7f\b'],
]

for (const [name, text, stripped] of cases) {
  test(`stripped: ${name}`, () => {
    assert.equal(stripAnsi(text), stripped)
    assert.equal(stripBytes(text), stripped)
  })
}

test('characters and bytes agree on any mixture, and nothing that begins a sequence is left', () => {
  const pieces = [
    '\x1b',
    '[',
    ']',
    '0;',
    'm',
    'P',
    '\x07',
    '\\',
    '\x9b',
    '\x9c',
    '\x9d',
    '\x90',
    'é',
    'Â',
    '😀',
    '31',
    ' ',
    '\n',
    '(',
    'x',
  ]
  let state = 7
  for (let i = 0; i < 20_000; i++) {
    let text = ''
    for (let n = 0; n < 12; n++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      text += pieces[(state >>> 8) % pieces.length]!
    }
    const stripped = stripAnsi(text)
    assert.equal(stripBytes(text), stripped, JSON.stringify(text))
    assert.doesNotMatch(stripped, /[\x1b\x90\x98\x9b-\x9f]/, JSON.stringify(text))
    assert.doesNotMatch(
      escapeTerminal(text, { colors: true }).replace(/\x1b\[[0-9:;]*m/g, ''),
      /[\x00-\x08\x0b-\x1f\x7f-\x9f]/,
    )
    assert.doesNotMatch(escapeTerminal(text), /[\x00-\x08\x0b-\x1f\x7f-\x9f]/)
  }
})

test('hostile text of a megabyte takes no longer than it should', () => {
  for (const text of ['\x1b]', '\x9d', '\x1b[', '\x1bP', '\x1b[;', '\x1b(', '\x1b]0\x1b']) {
    const hostile = text.repeat(500_000)
    const began = performance.now()
    stripAnsi(hostile)
    stripBytes(hostile)
    // Quadratic behaviour would take hours.
    assert.ok(performance.now() - began < 20_000)
  }
})

test('what is printed to a terminal can do nothing there', () => {
  assert.equal(escapeTerminal('a\x1b[2Jb\x07\r\u202ec\ttab\nline'), 'ab\\x07\\x0d\\u202ec\ttab\nline')
  assert.equal(escapeTerminal('\x1b[31mred\x1b[H'), 'red')
  assert.equal(escapeTerminal('\x1b[31mred\x1b[H', { colors: true }), '\x1b[31mred\x1b[0m')
  assert.equal(escapeTerminal('\x1b[1 mplain', { colors: true }), 'plain')
})
