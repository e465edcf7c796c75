// Seals and tidies in the thread that asks, so that all calls to the disk are made by one thread, in one order.
import { nodeDisk } from '../../../src/system/disk.ts'
import { runBackgroundTask } from '../../../src/stores/local/keep/background-task.ts'
import type { Sealer } from '../../../src/stores/local/keep/sealer.ts'

export const inThreadSealer: Sealer = {
  run: async (task) => runBackgroundTask(nodeDisk, task),
  close: () => Promise.resolve(),
}
