// A store as somebody would add it: the one in memory, which leaves a note that it was used.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { StoreType } from '../../../src/contracts/store.ts'
import { memoryStore } from '../../../src/stores/memory/memory-store.ts'

export const part: StoreType = {
  name: 'noted',
  open(options) {
    mkdirSync(options.directory, { recursive: true })
    writeFileSync(path.join(options.directory, 'note.txt'), 'used')
    return memoryStore.open(options)
  },
}
