// A number of a log line as its digits stand there: JavaScript's own numbers make 9007199254740992 of 9007199254740993, and 12.5
// of 12.50.

/** Makes a value that `JSON.stringify` writes as this text. Browsers of before 2025 have no such thing. */
const { rawJSON }: { rawJSON?: (text: string) => unknown } = JSON as object

/** Whether `JSON.stringify` writes their digits. */
export const areStringified: boolean = rawJSON !== undefined

/** Stands for a number that `JSON.stringify` would write otherwise than it came; all others are numbers. */
export class WrittenNumber {
  /** A number as JSON writes them, such as `12.50` or `1e400`. */
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }

  /** The nearest number that JavaScript has: `price > 10` and `price * 2` do. */
  valueOf(): number {
    return Number(this.text)
  }

  toJSON(): unknown {
    return rawJSON ? rawJSON(this.text) : Number(this.text)
  }
}

const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/

/** Meaning of digits in a line of text: a number with just these digits; text where JSON has no such number, as for `007`. */
export function numberOfDigits(text: string): number | WrittenNumber | string {
  const near = Number(text)
  if (String(near) === text && Number.isFinite(near)) return near
  return numberPattern.test(text) ? new WrittenNumber(text) : text
}
