// Names that say that what follows is secret (`password=…`, `"apiKey": "…"`), found backwards from the `=` or `:` behind them:
// nearly every other name is told apart by its last letter.

/** Letter case, `_`, `-` and `.` do not matter, nor what stands in front: `DB_PASSWORD`, `accessToken`. */
export const secretKeys: readonly string[] = [
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'passcode',
  'secret',
  'token',
  'apikey',
  'accesskey',
  'secretkey',
  'privatekey',
  'signingkey',
  'encryptionkey',
  'accountkey',
  'authorization',
  'credential',
  'credentials',
  'cookie',
  'sessionid',
]

/** The name that ends at `to` is one of them: which of them. */
export type KeyTest = (bytes: Uint8Array, from: number, to: number) => string | undefined

interface Letters {
  key?: string
  next: Map<number, Letters>
}

/** `except`: whole names that are none all the same. */
export function keyTest(keys: readonly string[], except: readonly string[]): KeyTest {
  const root: Letters = { next: new Map() }
  for (const key of keys) {
    let at = root
    for (const letter of [...Buffer.from(bare(key))].reverse()) {
      let next = at.next.get(letter)
      if (!next) at.next.set(letter, (next = { next: new Map() }))
      at = next
    }
    at.key = bare(key)
  }
  const harmless = new Set(except.map(bare))
  const last = new Uint8Array(256)
  for (const letter of root.next.keys()) last[letter] = last[letter - 32] = 1
  return (bytes, from, to) => {
    if (to <= from || last[bytes[to - 1]!] === 0) return undefined
    let letters: Letters | undefined = root
    for (let i = to - 1; i >= from && letters; i--) {
      const code = bytes[i]!
      if (code === 0x5f || code === 0x2d || code === 0x2e) continue
      letters = letters.next.get(code >= 65 && code <= 90 ? code | 32 : code)
      if (letters?.key === undefined) continue
      return harmless.size > 0 && harmless.has(bare(nameBefore(bytes, from, to))) ? undefined : letters.key
    }
    return undefined
  }
}

const bare = (name: string): string => name.toLowerCase().replace(/[-_.]/g, '')

function nameBefore(bytes: Uint8Array, from: number, to: number): string {
  let start = to
  while (start > from && isNameByte(bytes[start - 1]!) && to - start < 200) start--
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, to - start).toString('latin1')
}

function isNameByte(code: number): boolean {
  const lower = code | 32
  return (lower >= 97 && lower <= 122) || (code >= 48 && code <= 57) || code === 0x5f || code === 0x2d || code === 0x2e
}
