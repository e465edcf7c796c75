// The words that name a level in text, with how much each proves by itself. Found by a hash made while scanning, as
// making a string of every word of every line would cost more than all the rest.
import { parseSeverity } from '../contracts/record.ts'

export interface LevelWord {
  word: string
  severity: number
  /** Ordinary words as well (`log`, `fine`, `config`): they need a bracket, a key or `WORD:` to count. */
  weak: boolean
  /** May start a line without any mark: `error connecting to …`. */
  opensSentence: boolean
  /** `word:` at the start of a line in lower case is a level. */
  takesColon: boolean
}

const strong = 'error err eror warn wrn warning fatal ftl critical crit panic info inf debug dbg trace trc'.split(' ')
const weak =
  'notice information alert severe emerg emergency verbose silly fine finer finest log http config fail dbug trce'
const ordinary = new Set(['log', 'http', 'config', 'fine', 'finer', 'finest', 'information'])
const opening = new Set(['error', 'warn', 'warning', 'fatal'])
/** Spellings of .NET's console, which nobody else uses. */
const dotnet: Record<string, string> = { fail: 'error', dbug: 'debug', trce: 'trace' }

export const hashSeed = 7

/** The hash of a word, letter by letter; letter case does not matter. */
export function hashLetter(hash: number, code: number): number {
  return (Math.imul(hash, 31) + (code | 32)) | 0
}

/** A small sieve in front of the tables: nearly all words of a line are none of ours. */
const sieve = new Uint8Array(4096)

/** False when no word of this file has this hash. */
export function isKnownHash(hash: number): boolean {
  return sieve[hash & 4095] === 1
}

/** The hashes of words, all known to the sieve. */
export function hashesOf(words: string): ReadonlySet<number> {
  const hashes = new Set(words.split(' ').map(hashOf))
  for (const hash of hashes) sieve[hash & 4095] = 1
  return hashes
}

const table = new Map<number, LevelWord>()
hashesOf(`${strong.join(' ')} ${weak}`)
for (const word of [...strong, ...weak.split(' ')]) {
  const severity = parseSeverity(dotnet[word] ?? word)!
  table.set(hashOf(word), {
    word,
    severity,
    weak: !strong.includes(word),
    opensSentence: opening.has(word),
    takesColon: !ordinary.has(word),
  })
}

function hashOf(word: string): number {
  let hash = hashSeed
  for (let i = 0; i < word.length; i++) hash = hashLetter(hash, word.charCodeAt(i))
  return hash
}

/** The level word with this hash, if the bytes are really it. */
export function levelWord(hash: number, bytes: Uint8Array, start: number, end: number): LevelWord | undefined {
  const found = table.get(hash)
  if (!found || found.word.length !== end - start) return undefined
  for (let i = start; i < end; i++) if ((bytes[i]! | 32) !== found.word.charCodeAt(i - start)) return undefined
  return found
}
