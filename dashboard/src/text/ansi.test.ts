import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexedColor, markSpans, parseAnsi } from './ansi.ts'

test('plain text is one span', () => {
  assert.deepEqual(parseAnsi('hello'), [{ text: 'hello' }])
  assert.deepEqual(parseAnsi(''), [])
})

test('basic and bright colours, bold, underline, reset', () => {
  assert.deepEqual(parseAnsi('a\x1b[31mred\x1b[1;4mmore\x1b[0mend\x1b[92mok'), [
    { text: 'a' },
    { text: 'red', color: 'var(--ansi-1)' },
    { text: 'more', color: 'var(--ansi-1)', bold: true, underline: true },
    { text: 'end' },
    { text: 'ok', color: 'var(--ansi-10)' },
  ])
})

test('256 colours and true colour, in both separators', () => {
  assert.deepEqual(parseAnsi('\x1b[38;5;208mo\x1b[48;2;1;2;300mb'), [
    { text: 'o', color: 'rgb(255 135 0)' },
    { text: 'b', color: 'rgb(255 135 0)', background: 'rgb(1 2 255)' },
  ])
  assert.deepEqual(parseAnsi('\x1b[38:5:196mx'), [{ text: 'x', color: 'rgb(255 0 0)' }])
  assert.equal(indexedColor(232), 'rgb(8 8 8)')
  assert.equal(indexedColor(255), 'rgb(238 238 238)')
})

test('the end of one style leaves the others', () => {
  assert.deepEqual(parseAnsi('\x1b[1;31mx\x1b[22my\x1b[39mz'), [
    { text: 'x', bold: true, color: 'var(--ansi-1)' },
    { text: 'y', color: 'var(--ansi-1)' },
    { text: 'z' },
  ])
})

test('everything that is not a style is dropped: cursor, title, link, unfinished', () => {
  const text = 'a\x1b[2Jb\x1b]0;title\x07c\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\d\x1b[?25he\x1b(Bf\x1b]unfinished'
  assert.equal(
    parseAnsi(text)
      .map((span) => span.text)
      .join(''),
    'abclinkdefunfinished',
  )
})

test('colours with colons: with a colour space and without, wavy lines, colours of lines', () => {
  assert.deepEqual(parseAnsi('\x1b[38:2::1:2:3ma\x1b[48:2:4:5:6;58:5:1;58;5;3mb\x1b[m\x1b[4:3mc\x1b[4:0md'), [
    { text: 'a', color: 'rgb(1 2 3)' },
    { text: 'b', color: 'rgb(1 2 3)', background: 'rgb(4 5 6)' },
    { text: 'c', underline: true },
    { text: 'd' },
  ])
})

test('a mark may begin in one colour and end in another', () => {
  const shown = (text: string, mark: RegExp): string =>
    markSpans(parseAnsi(text), mark)
      .map((pieces) => pieces.map(({ text: piece, isMarked }) => (isMarked ? `<${piece}>` : piece)).join(''))
      .join('|')
  assert.equal(shown('no pay\x1b[1mment\x1b[0m at once', /(payment|on)/giu), 'no <pay>|<ment>| at <on>ce')
  assert.equal(shown('\x1b[1ma\x1b[2mb\x1b[3mc\x1b[4mab', /(abca)/giu), '<a>|<b>|<c>|<a>b')
  assert.equal(shown('nothing', /(x)/giu), 'nothing')
  assert.equal(shown('xx', /(x)/giu), '<x><x>')
})

test('nonsense codes change nothing and throw nothing', () => {
  assert.deepEqual(parseAnsi('\x1b[999;38mx\x1b[38;5;999my\x1b[38;2mz'), [
    { text: 'xy' },
    { text: 'z', color: 'rgb(0 0 0)' },
  ])
})

test('control characters become visible', () => {
  assert.deepEqual(parseAnsi('a\x00b\x07'), [{ text: 'a␀b␇' }])
})

test('markup stays text', () => {
  assert.deepEqual(parseAnsi('<img src=x onerror=alert(1)>'), [{ text: '<img src=x onerror=alert(1)>' }])
})
