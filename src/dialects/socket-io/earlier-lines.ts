// The newest lines of a job's log so far, as many as one event may have: those that are left out are counted.
import type { JobLine } from './job-codec.ts'

export interface EarlierLines {
  add(lines: readonly JobLine[]): void
  lines(): JobLine[]
}

/** Characters of all lines; those on stderr go out twice. */
const mostCharacters = 1024 * 1024

export function openEarlierLines(): EarlierLines {
  let kept: JobLine[] = []
  let characters = 0
  let leftOut = 0

  return {
    add(lines) {
      kept.push(...lines)
      for (const { line } of lines) characters += line.length
      let first = 0
      while (characters > mostCharacters && first < kept.length - 1) characters -= kept[first++]!.line.length
      if (first === 0) return
      leftOut += first
      kept = kept.slice(first)
    },
    lines() {
      if (leftOut === 0) return kept
      const [{ timestamp }] = kept as [JobLine]
      const line = `[gap] earlier lines that are missing here: ${leftOut}`
      return [{ line, stream: 'stdout', timestamp }, ...kept]
    },
  }
}
