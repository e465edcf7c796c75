// JSON text → values of which nothing is lost: numbers keep their digits and objects all their keys. For what JSON.stringify
// wrote the engine's own parser does, which is faster.
import { repeat, RepeatedValues } from './repeated-values.ts'
import { WrittenNumber } from './written-number.ts'

/** Objects and lists may lie inside each other so deep; deeper ones would exhaust the stack further on. */
const deepestNesting = 500

/** As `JSON.parse`, save that numbers may be `WrittenNumber`s and values of a key `RepeatedValues`. Throws a SyntaxError. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  // A text that is written alike has been understood in full. With spaces none is.
  return !text.includes('": ') && JSON.stringify(value) === text ? value : readWhole(text)
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const closeBrace = 0x7d
const closeBracket = 0x5d

/** The text is known to be JSON. */
function readWhole(text: string): unknown {
  let at = 0

  /** The next character that is no white space. */
  function next(): number {
    let code = text.charCodeAt(at)
    while (code <= 0x20) code = text.charCodeAt(++at)
    return code
  }

  function readString(): string {
    const from = at
    for (at++; ; at++) {
      at = text.indexOf('"', at)
      let before = at - 1
      while (text.charCodeAt(before) === backslash) before--
      // An even number of backslashes stands for themselves.
      if ((at - before) % 2 === 1) break
    }
    at++
    const inside = text.slice(from + 1, at - 1)
    return inside.includes('\\') ? (JSON.parse(text.slice(from, at)) as string) : inside
  }

  function readNumber(): unknown {
    const from = at
    let whole = 0
    let code = text.charCodeAt(at)
    for (; code >= 0x30 && code <= 0x39; code = text.charCodeAt(++at)) whole = whole * 10 + code - 0x30
    if (!isInNumber(code) && at - from < 16) return whole
    while (isInNumber(code)) code = text.charCodeAt(++at)
    const digits = text.slice(from, at)
    const number = Number(digits)
    return String(number) === digits ? number : new WrittenNumber(digits)
  }

  function readWord<Value>(length: number, value: Value): Value {
    at += length
    return value
  }

  function readList(depth: number): unknown[] {
    const list: unknown[] = []
    at++
    if (next() !== closeBracket) {
      for (; ; at++) {
        list.push(readValue(depth))
        if (next() !== comma) break
      }
    }
    at++
    return list
  }

  function readObject(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    at++
    if (next() !== closeBrace) {
      for (; ; at++) {
        next()
        const key = readString()
        next()
        at++
        addValue(object, key, readValue(depth))
        if (next() !== comma) break
      }
    }
    at++
    return object
  }

  function readValue(depth: number): unknown {
    if (depth > deepestNesting) throw new SyntaxError(`More than ${deepestNesting} objects lie inside each other`)
    switch (next()) {
      case quote:
        return readString()
      case 0x7b:
        return readObject(depth + 1)
      case 0x5b:
        return readList(depth + 1)
      case 0x74:
        return readWord(4, true)
      case 0x66:
        return readWord(5, false)
      case 0x6e:
        return readWord(4, null)
      default:
        return readNumber()
    }
  }

  return readValue(0)
}

/** Digits, signs, the point, and what begins an exponent. */
function isInNumber(code: number): boolean {
  return (code >= 0x2b && code <= 0x39 && code !== comma && code !== 0x2f) || (code | 0x20) === 0x65
}

function addValue(object: Record<string, unknown>, key: string, value: unknown): void {
  if (Object.hasOwn(object, key)) {
    const before = object[key]
    if (before instanceof RepeatedValues) before.push(value)
    else object[key] = repeat(before, value)
  } else setProperty(object, key, value)
}

/** For any key, `__proto__` too. */
export function setProperty(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}
