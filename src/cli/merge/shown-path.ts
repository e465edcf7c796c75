// A path as messages and lines have it: names of files may have anything in them, also new lines and commands for terminals.
import { escapeTerminal } from '../../text/ansi.ts'

export const shownPath = (path: string): string =>
  escapeTerminal(path)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`)
