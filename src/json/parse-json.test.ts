// Random JSON texts are read and written again, and every value is held against the text that it was made of.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareNumbers, readNumber } from './compare-numbers.ts'
import { formatJson } from './format-json.ts'
import { parseJson } from './parse-json.ts'
import { repeat, RepeatedValues } from './repeated-values.ts'
import { numberOfDigits, WrittenNumber } from './written-number.ts'

/** Numbers from 0 to below, the same for the same seed. */
function random(seed: number): (below: number) => number {
  return (below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
}

function digits(next: (below: number) => number, most: number): string {
  return Array.from({ length: 1 + next(most) }, () => next(10)).join('')
}

function numberText(next: (below: number) => number): string {
  const whole = next(4) === 0 ? '0' : `${1 + next(9)}${next(2) === 0 ? digits(next, 20) : ''}`
  const fraction = next(3) === 0 ? `.${digits(next, 18)}` : ''
  const exponent = next(4) === 0 ? `${'eE'[next(2)]}${['', '+', '-'][next(3)]}${digits(next, 3)}` : ''
  return `${next(4) === 0 ? '-' : ''}${whole}${fraction}${exponent}`
}

/** Texts of a value: with white space wherever it may stand, and without. */
function jsonText(next: (below: number) => number, depth: number): [loose: string, tight: string] {
  const space = (): string => ['', '', '', ' ', '\n\t'][next(5)]!
  const kind = next(depth > 3 ? 4 : 6)
  if (kind < 2) {
    const text = numberText(next)
    return [text, text]
  }
  if (kind === 2) {
    const text = ['true', 'false', 'null'][next(3)]!
    return [text, text]
  }
  if (kind === 3) {
    const text = JSON.stringify(['', 'a', '1.50', 'ü "q" \\', '\\"', '{"a":1}', '\ud800', 'x\\\\'][next(8)])
    return [text, text]
  }
  const parts = Array.from({ length: next(4) }, (_, at): [string, string] => {
    const [loose, tight] = jsonText(next, depth + 1)
    if (kind === 4) return [`${space()}${loose}${space()}`, tight]
    const key = JSON.stringify(`${['k', '__proto__', 'ü"', 'text'][next(4)]}${at}`)
    return [`${space()}${key}${space()}:${space()}${loose}${space()}`, `${key}:${tight}`]
  })
  const [open, close] = kind === 4 ? '[]' : '{}'
  const join = (which: 0 | 1): string => `${open}${parts.map((part) => part[which]).join(',')}${close}`
  return [parts.length === 0 ? `${open}${space()}${close}` : join(0), join(1)]
}

test('what is read is written again, number for number', () => {
  for (let seed = 1; seed <= 3000; seed++) {
    const [loose, tight] = jsonText(random(seed), 0)
    assert.equal(formatJson(parseJson(loose)), tight, `seed ${seed}`)
    assert.equal(formatJson(parseJson(tight)), tight, `seed ${seed}`)
    assert.deepEqual(JSON.parse(JSON.stringify(parseJson(loose))), JSON.parse(loose), `seed ${seed}`)
  }
})

test('numbers are numbers where JavaScript writes them alike', () => {
  assert.deepEqual(parseJson('[1, 12.5, 1e+21, 9007199254740991, -1]'), [1, 12.5, 1e21, 9007199254740991, -1])
  const texts = ['9007199254740993', '12.50', '-0', '1E5', '1e400', '1e21', '0.0000001', '1.0']
  const values = parseJson(`[${texts.join(' , ')}]`) as WrittenNumber[]
  assert.ok(values.every((value) => value instanceof WrittenNumber))
  assert.deepEqual(values.map(String), texts)
  assert.equal(Number(values[1]) * 2, 25)
  assert.equal(JSON.stringify(values), `[${texts.join(',')}]`)
})

test('keys that repeat keep all their values, in their order', () => {
  const value = parseJson('{"a":1,"b":2,"a":{"a":1.0,"a":[]},"__proto__":1,"__proto__":2}') as Record<string, unknown>
  assert.deepEqual(value['a'], repeat(1, { a: repeat(new WrittenNumber('1.0'), []) }))
  assert.ok(Object.hasOwn(value, '__proto__') && Object.getPrototypeOf(value) === Object.prototype)
  assert.equal(formatJson(value), '{"a":1,"a":{"a":1.0,"a":[]},"b":2,"__proto__":1,"__proto__":2}')
  assert.equal(formatJson({ k: repeat(1, undefined), n: undefined }, 2), '{\n  "k": 1,\n  "k": null\n}')
  assert.ok(!(RepeatedValues.from([1]).map(String) instanceof RepeatedValues))
})

test('what is no JSON throws, and so does what is too deep', () => {
  for (const text of ['', '01', '1.', '.5', '+1', '1e', '-', '{"a":1,}', '[1 2]', 'NaN', '"\n"'])
    assert.throws(() => parseJson(text), text)
  assert.throws(() => parseJson(`${'['.repeat(2000)} ${']'.repeat(2000)}`))
})

test('digits of text are a number only where they are one of JSON', () => {
  const values = ['42', '-1.5', '12.50', '1e400', '007', '', '1.', 'Infinity', '0x10', ' 1'].map(numberOfDigits)
  assert.deepEqual(values, [42, -1.5, new WrittenNumber('12.50'), new WrittenNumber('1e400'), '007', '', '1.', 'Infinity', '0x10', ' 1']) // oxfmt-ignore
})

test('numbers are compared as fractions are', () => {
  const fraction = (text: string): bigint => {
    const [, sign, whole, decimals = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(text)!
    return BigInt(`${sign}${whole}${decimals}`) * 10n ** BigInt(2000 + Number(exponent) - decimals.length)
  }
  const next = random(5)
  let equal = 0
  for (let round = 0; round < 3000; round++) {
    const left = numberText(next)
    const other = [numberText(next), `${left}0`, left.replace(/[eE].*/, ''), `${left}1`, left][next(5)]!
    const right = /^-?\d+(\.\d+)?([eE][-+]?\d{1,3})?$/.test(other) ? other : left
    const difference = fraction(left) - fraction(right)
    const expected = difference > 0n ? 1 : difference < 0n ? -1 : 0
    if (expected === 0) equal++
    assert.equal(Math.sign(compareNumbers(readNumber(left)!, readNumber(right)!)) + 0, expected, `${left} and ${right}`)
  }
  assert.ok(equal > 100)
})
