// The words of a line for clients that know lines and nothing else (SPEC F1): gaps and events say in their text what they are.
import type { Line } from '../contracts/dialect.ts'
import { stripAnsi } from '../text/ansi.ts'

export function lineText({ kind, source, message }: Pick<Line, 'kind' | 'source' | 'message'>): string {
  const plain = stripAnsi(message)
  if (kind === 'gap') return `[gap] ${plain}`
  return kind === 'event' ? `[event] ${source} ${plain}` : plain
}
