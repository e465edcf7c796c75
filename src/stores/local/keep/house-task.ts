// Tasks done with the store's files beside the commits, one at a time: then nothing else changes files of days.
import type { Disk } from '../../../system/disk.ts'
import type { RetentionReport } from '../../../contracts/retention.ts'
import { keepHouse, type HouseRequest } from './keep-house.ts'
import { retain, type RetainRequest } from './retain.ts'
import { sealTail } from './seal.ts'

/** Plain JSON, so that it can be sent to a thread. */
export type HouseTask =
  | { name: 'seal'; directory: string; path: string }
  | ({ name: 'keep house' } & HouseRequest)
  | ({ name: 'retain' } & RetainRequest)

/** Safe to interrupt anywhere and to repeat. Throws what the disk throws. `spent`: see `sealTail`. */
export function runHouseTask(
  disk: Disk,
  task: HouseTask,
  spent: (bytes: number) => void = () => {},
): RetentionReport | undefined {
  if (task.name === 'seal') return void sealTail(disk, task.directory, task.path, spent)
  return task.name === 'retain' ? retain(disk, task) : keepHouse(disk, task, spent)
}
