// Seals in the thread that asks, so that all calls to the disk are made by one thread, in one order.
import { nodeDisk } from '../../../src/disk.ts'
import { sealTail } from '../../../src/stores/local/seal.ts'
import type { Sealer } from '../../../src/stores/local/sealer.ts'

export const inThreadSealer: Sealer = {
  seal: async ({ directory, path }) => sealTail(nodeDisk, directory, path),
  close: () => Promise.resolve(),
}
