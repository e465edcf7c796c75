// Sizes as people write them.
const units: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }

/** `10MB`, `512 kb`, `1.5GB`, `4096` → bytes; undefined when it is no size. */
export function parseSize(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmg]?b)?\s*$/i.exec(text)
  return match ? Math.floor(Number(match[1]) * units[(match[2] ?? '').toUpperCase()]!) : undefined
}
