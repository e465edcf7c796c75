// Texts that any match of a regular expression must contain, found by walking the pattern's syntax as RE2 defines it: so
// that few texts must be decoded and matched at all. Says too little rather than too much.
import { anyWord } from './words.ts'

/** A word of each list occurs in every text that matches, once its A–Z are lower-cased. ASCII only. */
export type RequiredText = readonly (readonly string[])[]

/** Knowledge of the texts that a part of the pattern matches: the whole text, or words inside. */
type Part = { exact: string } | { contains: RequiredText }

const anything: Part = { contains: [] }
const nothing: Part = { exact: '' }

/** The syntax has a corner that is not understood here. */
class Unclear extends Error {}

/** `pattern` is valid: the engine has taken it. */
export function requiredText(pattern: string): RequiredText {
  try {
    const part = readPattern(pattern)
    return contentOf(part).toSorted((a, b) => shortest(b) - shortest(a))
  } catch (thrown) {
    if (thrown instanceof Unclear) return []
    throw thrown
  }
}

function readPattern(pattern: string): Part {
  let at = 0
  const part = readAlternatives()
  if (at < pattern.length) throw new Unclear()
  return part

  function take(syntax: RegExp): RegExpExecArray | null {
    syntax.lastIndex = at
    const match = syntax.exec(pattern)
    if (match) at = syntax.lastIndex
    return match
  }

  function readAlternatives(): Part {
    const branches = [readSequence()]
    while (pattern[at] === '|') {
      at++
      branches.push(readSequence())
    }
    return branches.length === 1 ? branches[0]! : oneOf(branches)
  }

  function readSequence(): Part {
    const contains: (readonly string[])[] = []
    let run = ''
    let exact = true
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
      const part = readRepeated()
      if ('exact' in part) run += part.exact
      else {
        contains.push(...contentOf({ exact: run }), ...part.contains)
        run = ''
        exact = false
      }
    }
    return exact ? { exact: run } : { contains: [...contains, ...contentOf({ exact: run })] }
  }

  function readRepeated(): Part {
    const part = readOne()
    const repeat = take(/(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/y)
    if (!repeat) return part
    const [sign, count] = repeat
    return sign[0] === '+' || Number(count) > 0 ? { contains: contentOf(part) } : anything
  }

  function readOne(): Part {
    const char = pattern[at]!
    switch (char) {
      case '(':
        return readGroup()
      case '[':
        // A bracket that comes first is one of the class; names of classes have brackets of their own.
        if (!take(/\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]/y)) throw new Unclear()
        return anything
      case '.':
        at++
        return anything
      case '^':
      case '$':
        at++
        return nothing
      case '\\':
        return readEscape()
      case '*':
      case '+':
      case '?':
        throw new Unclear()
    }
    at += pattern.codePointAt(at)! > 0xffff ? 2 : 1
    return letter(char)
  }

  function readGroup(): Part {
    if (take(/\(\?[a-zA-Z-]+\)/y)) {
      // Flags only; a repetition behind them would mean what stands in front of them.
      if (/[*+?{]/.test(pattern[at] ?? '')) throw new Unclear()
      return nothing
    }
    if (!take(/\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?(?!\?)/y)) throw new Unclear()
    const inside = readAlternatives()
    if (pattern[at++] !== ')') throw new Unclear()
    return inside
  }

  function readEscape(): Part {
    if (take(/\\[bBAz]/y)) return nothing
    if (take(/\\(?:[dDwWsSafnrtv]|[pP](?:\{[^}]*\}|[a-zA-Z])|x(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{2})|[0-7]{1,3})/y)) {
      return anything
    }
    const punctuation = take(/\\([!-/:-@[-`{-~])/y)
    // Quoted stretches (\Q…\E), where repetitions mean the last letter, among others.
    if (!punctuation) throw new Unclear()
    return letter(punctuation[1]!)
  }
}

/** Beyond ASCII there are letters with several forms in lower case. */
function letter(char: string): Part {
  return char <= '\x7f' ? { exact: char.toLowerCase() } : anything
}

function contentOf(part: Part): RequiredText {
  return 'contains' in part ? part.contains : part.exact === '' ? [] : [[part.exact]]
}

/** Of each branch the list that is hardest to meet; together they are one list. */
function oneOf(branches: readonly Part[]): Part {
  const chosen: string[] = []
  for (const branch of branches) {
    const [best] = contentOf(branch).toSorted((a, b) => shortest(b) - shortest(a))
    if (!best) return anything
    chosen.push(...best)
  }
  const words = anyWord(chosen)
  return words ? { contains: [words] } : anything
}

function shortest(words: readonly string[]): number {
  return Math.min(...words.map((word) => word.length))
}
