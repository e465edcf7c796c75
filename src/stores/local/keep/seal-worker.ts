// The thread that seals tails, merges and removes, so that none of it ever holds up a commit.
import { parentPort } from 'node:worker_threads'
import type { RetentionReport } from '../../../contracts/retention.ts'
import { nodeDisk } from '../../../system/disk.ts'
import { openYoungGarbage } from '../../../system/young-garbage.ts'
import { serve } from '../../../threads/serve.ts'
import { runBackgroundTask, type BackgroundTask } from './background-task.ts'

export interface SealCalls {
  run(task: BackgroundTask): RetentionReport | undefined
}

const spent = openYoungGarbage()
serve<SealCalls>(parentPort!, { run: (task) => runBackgroundTask(nodeDisk, task, spent) })
