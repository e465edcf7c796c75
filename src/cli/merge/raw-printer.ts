// Entries as the bytes that stand in their files. Parts of a line stand together, unless an entry of another file came between.
import { escapeTerminal } from '../../text/ansi.ts'
import type { Entry } from './entry.ts'

const newline = 10

/** `write` resolves when more may come. */
export function createRawPrinter(
  write: (bytes: Uint8Array | string) => Promise<void>,
): (entries: Entry[]) => Promise<void> {
  // oxfmt-ignore
  let isWithinLine = false

  function* piecesOf(entries: readonly Entry[]): Generator<Uint8Array> {
    for (const entry of entries) {
      if (isWithinLine && !entry.isWithinLine) yield Uint8Array.of(newline)
      for (const { text, from, to } of entry.raw) {
        yield text.subarray(from, to)
        if (to > from) isWithinLine = text[to - 1] !== newline
      }
    }
  }

  return async (entries) => {
    const bytes = Buffer.concat([...piecesOf(entries)])
    // Text of programs must not command the terminal of whoever looks at it.
    await write(
      process.stdout.isTTY ? escapeTerminal(bytes.toString().replaceAll('\r\n', '\n'), { colors: true }) : bytes,
    )
  }
}
