// Reads the log file of a source with its rotated parts as one text, line by line, oldest first.
import { createReadStream, readdirSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** `stateDirectory`: of the hub. The file of the run before last is not included. */
export async function* logFileLines(stateDirectory: string, source: string): AsyncGenerator<string> {
  const directory = path.join(stateDirectory, 'logs')
  const parts = readdirSync(directory)
    .map((name) => ({ name, part: partOf(name, source) }))
    .filter(({ part }) => part !== undefined)
    .sort((a, b) => a.part! - b.part!)
  for (const { name } of parts) {
    const lines = createInterface({ input: createReadStream(path.join(directory, name)), crlfDelay: Infinity })
    yield* lines
  }
}

function partOf(name: string, source: string): number | undefined {
  if (!name.startsWith(`${source}.`)) return undefined
  const rest = name.slice(source.length + 1)
  if (rest === 'log') return Infinity
  return /^\d+\.log$/.test(rest) ? Number.parseInt(rest, 10) : undefined
}
