// Finds secrets in text: values of names that say so, tokens that show by their shape what they are, passwords in addresses,
// private keys. One pass over the bytes that stops only where one of these may begin.
import { passAssigned, passQuoted, passValue } from './assigned-value.ts'
import { endOfName, firstSuspect, triggers } from './first-suspect.ts'
import { keyBegin, passKeyGoingOn, passPrivateKey } from './private-key.ts'
import { hide, isAt, tableOf, textOf, type SearchedText, type Secret, type Unfinished } from './searched-text.ts'
import type { KeyTest } from './secret-keys.ts'
import { tokenAt, tokenBytes, tokenTriggers } from './token-shapes.ts'

export interface Found {
  /** In order. */
  secrets: readonly Secret[]
  unfinished: Unfinished | undefined
}

const [space, slash, colon, equals, dash, at] = [0x20, 0x2f, 0x3a, 0x3d, 0x2d, 0x40]
/** No password of an address is longer. */
const longestAddress = 300
const shortestBearer = 16

/** Ends of the part of an address in front of its path. */
const addressEnds = tableOf(' \t\r\n/?#"\'`<>')
const bearerSigns = tableOf('.+/=~')

const nothing: Found = { secrets: [], unfinished: undefined }

/** Looks through `bytes[from, to)`; `unfinished`: the secret that the text before it ended in. */
export function findSecrets(
  bytes: Uint8Array,
  from: number,
  to: number,
  isKey: KeyTest,
  unfinished?: Unfinished,
): Found {
  let i = unfinished ? from : firstSuspect(bytes, from, to, isKey)
  if (i === to) return nothing
  const text: SearchedText = { bytes, from, to, secrets: [], unfinished: undefined }
  if (unfinished) i = passGoingOn(text, unfinished)
  while (i < to) i = triggers[bytes[i]!] === 0 ? i + 1 : passAt(text, i, isKey)
  return text
}

function passGoingOn(text: SearchedText, unfinished: Unfinished): number {
  if (unfinished === 'key') return passKeyGoingOn(text, text.from)
  if (unfinished === 'bare') return passValue(text, text.from)
  return passQuoted(text, text.from, { closing: Number(unfinished.slice('until '.length)) })
}

function passAt(text: SearchedText, i: number, isKey: KeyTest): number {
  const { bytes, from, to } = text
  const code = bytes[i]!
  if (code === colon || code === equals) {
    if (code === colon && bytes[i + 1] === slash && bytes[i + 2] === slash) return passAddress(text, i + 3)
    const key = isKey(bytes, from, endOfName(bytes, from, i))
    return key === undefined ? i + 1 : passAssigned(text, i, key)
  }
  if (code === dash && bytes[i + 5] === 0x42 && isAt(text, i, keyBegin)) {
    return passPrivateKey(text, i + keyBegin.length)
  }
  if ((code | 32) === 0x62 && bytes[i + 6] === space && isBearer(text, i)) return passBearer(text, i)
  if (tokenTriggers[code] === 0) return i + 1
  const token = tokenAt(bytes, i, from, to)
  return token ? hide(text, token.start, token.end) : i + 1
}

/** `user:password@host`, without its scheme. */
function passAddress(text: SearchedText, start: number): number {
  const { bytes, to } = text
  const limit = Math.min(to, start + longestAddress)
  let password = 0
  let sign = 0
  for (let end = start; end < limit && addressEnds[bytes[end]!] === 0; end++) {
    if (bytes[end] === colon && password === 0) password = end + 1
    else if (bytes[end] === at) sign = end
  }
  return password > 0 && sign > password ? hide(text, password, sign) : start
}

function isBearer(text: SearchedText, i: number): boolean {
  const { bytes, from, to } = text
  const isWordBegin = i === from || tokenBytes[bytes[i - 1]!] === 0
  return isWordBegin && i + 6 < to && textOf(text, i, i + 6).toLowerCase() === 'bearer'
}

function passBearer(text: SearchedText, i: number): number {
  const { bytes, to } = text
  const start = i + 'bearer '.length
  let end = start
  while (end < to && (tokenBytes[bytes[end]!] === 1 || bearerSigns[bytes[end]!] === 1)) end++
  return end - start >= shortestBearer ? hide(text, start, end) : i + 1
}
