// A process for the system tests: writes the given bytes to its standard output, each piece with a write of its own and
// time between them for the hub to look; or one line of any length.
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** The command that writes these pieces, one after the other. */
export function printBytes(...pieces: (string | Uint8Array)[]): string[] {
  const words = pieces.map((piece) => Buffer.from(piece).toString('base64'))
  return [process.execPath, import.meta.filename, 'pieces', ...words]
}

/** The command that writes `longLine(bytes)`, a newline, and `after`. */
export function printLongLine(bytes: number): string[] {
  return [process.execPath, import.meta.filename, 'line', String(bytes)]
}

const chunkBytes = 1024 * 1024

/** A line of so many bytes of which no part is like another, in chunks: `00000000 00000009 00000018 …` */
export function* longLine(bytes: number): Generator<string> {
  let text = ''
  for (let at = 0; at < bytes;) {
    while (text.length < chunkBytes) text += `${String(at + text.length).padStart(8, '0')} `
    const chunk = text.slice(0, Math.min(chunkBytes, bytes - at))
    text = text.slice(chunk.length)
    at += chunk.length
    yield chunk
  }
}

function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at)
}

async function main(what: string, words: string[]): Promise<void> {
  if (what === 'line') {
    for (const chunk of longLine(Number(words[0]))) write(Buffer.from(chunk))
    write(Buffer.from('\nafter\n'))
    return
  }
  for (const word of words) {
    write(Buffer.from(word, 'base64'))
    await sleep(15)
  }
}

if (import.meta.main) await main(process.argv[2]!, process.argv.slice(3))
