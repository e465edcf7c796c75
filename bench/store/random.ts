// Random numbers that are the same for the same seed on every machine (sfc32), and the few distributions logs are made of.

const hexByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export interface Random {
  /** 0 ≤ x < 1. */
  (): number
  /** An integer, 0 ≤ x < `count`. */
  below(count: number): number
  /** Hex digits, an even number of them. */
  hex(digits: number): string
  /** Decimal digits, the first of them not 0. */
  digits(count: number): string
  pick<Item>(items: readonly Item[]): Item
  /** Mean 1, exponentially distributed. */
  exponential(): number
  /** Mean 0, deviation about 1. */
  normal(): number
}

export function openRandom(seed: number): Random {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162 ^ seed, 1]
  function bits(): number {
    const sum = (((a + b) | 0) + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let warm = 0; warm < 15; warm++) bits()

  const random = (() => bits() / 2 ** 32) as Random
  random.below = (count) => Math.floor(random() * count)
  random.hex = (digits) => {
    let text = ''
    for (let rest = 0, have = 0; text.length < digits; rest >>>= 8, have--) {
      if (have === 0) [rest, have] = [bits(), 4]
      text += hexByte[rest & 255]!
    }
    return text
  }
  random.digits = (count) => {
    let text = String(1 + random.below(9))
    while (text.length < count) text += String(random.below(10))
    return text
  }
  random.pick = (items) => items[random.below(items.length)]!
  random.exponential = () => -Math.log(1 - random())
  random.normal = () => (random() + random() + random() + random() + random() + random() - 3) * Math.SQRT2
  return random
}
