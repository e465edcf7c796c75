// Names of sources as they stand in JSON, remembered by their bytes: every record names one, and most the same few.
import type { Scan } from './json-scan.ts'
import { knownText, startsAt, textOf, type KnownText } from './known-text.ts'

export interface KnownNames {
  /** Begins another body: the same names get other numbers. */
  begin(numberOf: (name: string) => number): void
  /** Number of the name `[at, end)`, a JSON string with its quotes. */
  number(scan: Scan, at: number, end: number): number
}

interface KnownName extends KnownText {
  name: string
  number: number
  body: number
}

/** More are forgotten: then they are no names. */
const mostNames = 4096

export function openKnownNames(): KnownNames {
  const known = new Map<number, KnownName>()
  let body = 0
  let numberOf: (name: string) => number

  function learn(scan: Scan, at: number, end: number, hash: number): KnownName {
    if (known.size >= mostNames) known.clear()
    const name = JSON.parse(textOf(scan, at, end)) as string
    const made: KnownName = { ...knownText(scan.bytes.subarray(at, end)), name, number: -1, body: -1 }
    known.set(hash, made)
    return made
  }

  return {
    begin(numbers) {
      body++
      numberOf = numbers
    },
    number(scan, at, end) {
      const { bytes } = scan
      let hash = 0
      for (let i = at; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0
      let found = known.get(hash)
      if (!found || found.length !== end - at || !startsAt(found, scan, at)) found = learn(scan, at, end, hash)
      if (found.body !== body) {
        found.number = numberOf(found.name)
        found.body = body
      }
      return found.number
    },
  }
}
