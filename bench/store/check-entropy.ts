// Is what we generate as hard to compress as what it is made from? Messages of each source,
// as many as the sample has, original beside generated; and how many of them repeat an earlier one word for word.
import { printTable } from '../table.ts'
import { compress } from './compress.ts'
import { expandSource } from './expand-source.ts'
import { openRandom } from './random.ts'
import { loadSamples } from './sample-lines.ts'

const repeated = (messages: string[]): number => 100 * (1 - new Set(messages).size / messages.length)

export async function generator(): Promise<void> {
  const rows: Record<string, string | number>[] = []
  const all = { original: [] as string[], generated: [] as string[] }
  for (const sample of loadSamples()) {
    const original = sample.lines.map(({ parts, values }) => parts.map((part, i) => part + (values[i] ?? '')).join(''))
    const expansion = expandSource(sample, openRandom(1))
    const generated = original.map(() => {
      expansion.next()
      return expansion.message
    })
    rows.push(await compare(sample.name, original, generated))
    all.original.push(...original)
    all.generated.push(...generated)
  }
  rows.push(await compare('all', all.original, all.generated))
  printTable('Messages, compressed by zstd -19 --long', rows)
}

async function compare(source: string, original: string[], generated: string[]) {
  const ratio = async (messages: string[]): Promise<number> => {
    const { bytes, compressedBytes } = await compress([Buffer.from(messages.join('\n'))])
    return bytes / compressedBytes
  }
  return {
    source,
    'original 1 to': await ratio(original),
    'generated 1 to': await ratio(generated),
    'original repeats %': repeated(original),
    'generated repeats %': repeated(generated),
  }
}
