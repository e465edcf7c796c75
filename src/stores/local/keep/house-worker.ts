// The thread that seals tails, merges and removes, so that none of it ever holds up a commit.
import { parentPort } from 'node:worker_threads'
import { nodeDisk } from '../../../system/disk.ts'
import { openYoungGarbage } from '../../../system/young-garbage.ts'
import { serve } from '../../../threads/serve.ts'
import type { HouseCalls } from './house-calls.ts'
import { runHouseTask } from './house-task.ts'

const spent = openYoungGarbage()
serve<HouseCalls>(parentPort!, { run: (task) => runHouseTask(nodeDisk, task, spent) })
