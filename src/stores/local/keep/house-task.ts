// Tasks done with the store's files beside the commits, one at a time: then nothing else changes files of days.
import type { Disk } from '../../../system/disk.ts'
import type { RetentionReport } from '../../../contracts/retention.ts'
import type { HouseTask } from './house-calls.ts'
import { keepHouse } from './keep-house.ts'
import { retain } from './retain.ts'
import { sealTail } from './seal.ts'

/** Safe to interrupt anywhere and to repeat. Throws what the disk throws. `spent`: see `sealTail`. */
export function runHouseTask(
  disk: Disk,
  task: HouseTask,
  spent: (bytes: number) => void = () => {},
): RetentionReport | undefined {
  if (task.name === 'seal') return void sealTail(disk, task.directory, task.path, spent)
  return task.name === 'retain' ? retain(disk, task) : keepHouse(disk, task, spent)
}
