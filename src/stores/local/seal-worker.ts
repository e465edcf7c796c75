// The thread that seals tails, merges and removes, so that none of it ever holds up a commit.
import { parentPort } from 'node:worker_threads'
import { nodeDisk } from '../../disk.ts'
import { LogboomError, type ErrorCode } from '../../errors.ts'
import type { RetentionReport } from '../../retention.ts'
import { openYoungGarbage } from '../../young-garbage.ts'
import { runBackgroundTask, type BackgroundTask } from './background-task.ts'

/** The answer to a task; `error` says why it was not done. */
export interface TaskAnswer {
  error?: { message: string; code?: ErrorCode }
  report?: RetentionReport
}

const spent = openYoungGarbage()

parentPort!.on('message', (task: BackgroundTask) => {
  const answer: TaskAnswer = {}
  try {
    const report = runBackgroundTask(nodeDisk, task, spent)
    if (report) answer.report = report
  } catch (error) {
    const { message } = error as Error
    answer.error = error instanceof LogboomError ? { message, code: error.code } : { message }
  }
  parentPort!.postMessage(answer)
})
