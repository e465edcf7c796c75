// Seals and tidies in the thread that asks, so that all calls to the disk are made by one thread, in one order.
import { nodeDisk } from '../../../src/system/disk.ts'
import { runHouseTask } from '../../../src/stores/local/keep/house-task.ts'
import type { Housekeeper } from '../../../src/stores/local/keep/housekeeper.ts'

export const inThreadHousekeeper: Housekeeper = {
  run: async (task) => runHouseTask(nodeDisk, task),
  close: () => Promise.resolve(),
}
