// Level words where a format says that one must stand: every spelling, unlike in running text (guess-severity.ts).
import { parseSeverity } from '../../../contracts/record.ts'

export interface Level {
  /** SeverityNumber. */
  severity: number
  /** The word, where the severity alone would not tell it: `notice` is more than `info`. */
  word?: string
}

/** Words that name one of the six severities in other letters need no keeping. */
const plain = new Set(
  'trace trc debug dbg dbug info inf warn wrn warning error err eror critical crit fatal ftl'.split(' '),
)
const letters: Record<string, string> = {
  T: 'trace', V: 'verbose', D: 'debug', I: 'info', N: 'notice', W: 'warn', E: 'error', C: 'critical', F: 'fatal',
} // oxfmt-ignore
const known = new Map<string, Level | null>()

export function readLevel(word: string): Level | undefined {
  let level = known.get(word)
  if (level === undefined) {
    level = findLevel(word) ?? null
    // Words of lines are without number; those that are levels are not.
    if (known.size < 1000) known.set(word, level)
  }
  return level ?? undefined
}

function findLevel(text: string): Level | undefined {
  const word = text.length === 1 ? letters[text.toUpperCase()] : text
  if (word === undefined) return undefined
  const severity = parseSeverity(word)
  if (severity !== undefined) return { severity, ...(plain.has(word.toLowerCase()) ? {} : { word }) }
  // `debug1` of PostgreSQL and `trace8` of Apache.
  const numbered = /^(trace|debug)\d$/i.exec(word)
  return numbered ? { severity: parseSeverity(numbered[1]!)!, word } : undefined
}
