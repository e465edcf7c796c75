// A sink as somebody would add it: how many records each source had.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { SinkType } from '../../../src/contracts/sink.ts'

export const part: SinkType<Record<string, never>> = {
  name: 'tally',
  options: (z) => z.strictObject({}),
  open(_, { directory }) {
    const counts: Record<string, number> = {}
    let position = 0
    const save = (): void => {
      mkdirSync(directory, { recursive: true })
      writeFileSync(path.join(directory, 'tally.json'), JSON.stringify(counts))
    }
    return {
      position: () => position,
      write(batches) {
        for (const { source, count, id } of batches) {
          counts[source] = (counts[source] ?? 0) + count
          position = Math.max(position, id[count - 1] ?? 0)
        }
      },
      save,
      close: save,
    }
  },
}
