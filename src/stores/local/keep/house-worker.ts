// The thread that seals tails, merges and removes, so that none of it ever holds up a commit.
import { parentPort } from 'node:worker_threads'
import type { RetentionReport } from '../../../contracts/retention.ts'
import { nodeDisk } from '../../../system/disk.ts'
import { openYoungGarbage } from '../../../system/young-garbage.ts'
import { serve } from '../../../threads/serve.ts'
import { runHouseTask, type HouseTask } from './house-task.ts'

export interface HouseCalls {
  run(task: HouseTask): RetentionReport | undefined
}

const spent = openYoungGarbage()
serve<HouseCalls>(parentPort!, { run: (task) => runHouseTask(nodeDisk, task, spent) })
