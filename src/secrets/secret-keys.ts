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

/** Of a table of letters: what follows each, by its code. */
const rowLength = 128

/** `except`: whole names that are none all the same. */
export function keyTest(keys: readonly string[], except: readonly string[]): KeyTest {
  const names = keys.map(bare)
  // Read backwards, letter by letter: row by row the number of the next row, 0 for none.
  const next = new Uint16Array(rowLength * (1 + names.reduce((sum, { length }) => sum + length, 0)))
  const ends = new Map<number, string>()
  let rows = 1
  for (const name of names) {
    let row = 0
    for (const letter of Buffer.from(name).reverse()) row = next[row * rowLength + letter] ||= rows++
    ends.set(row, name)
  }
  const isEnd = new Uint8Array(rows)
  for (const row of ends.keys()) isEnd[row] = 1
  const harmless = new Set(except.map(bare))
  return (bytes, from, to) => {
    let row = 0
    for (let i = to - 1; i >= from; i--) {
      const code = bytes[i]!
      if (code === 0x5f || code === 0x2d || code === 0x2e) {
        if (row === 0) return undefined
        continue
      }
      row = code < rowLength ? next[row * rowLength + (code >= 65 && code <= 90 ? code | 32 : code)]! : 0
      if (row === 0) return undefined
      if (isEnd[row] === 0) continue
      return harmless.size > 0 && harmless.has(bare(nameBefore(bytes, from, to))) ? undefined : ends.get(row)
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
