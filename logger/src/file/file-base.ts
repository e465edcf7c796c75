// The name of a log file, as the hub names those of its sources (src/sinks/log-names.ts).
const mostBytes = 200

/** The first part of a logger's name → name of its file without suffix: `[A-Za-z0-9_-]` as it is, else percent-encoded. */
export function fileBase(name: string): string {
  const percent = (text: string): string =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
  const base = name.replace(/[^A-Za-z0-9_-]/gu, percent)
  if (base.length > mostBytes)
    throw new TypeError(`getLogger: "${name.slice(0, 40)}…" is too long for the name of a file.`)
  return base
}
