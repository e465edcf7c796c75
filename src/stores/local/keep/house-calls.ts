// Tasks that may be asked of whoever keeps the store's files in order; plain JSON, so that they can be sent to a thread.
import type { Retention, RetentionReport } from '../../../contracts/retention.ts'

export interface HouseCalls {
  run(task: HouseTask): RetentionReport | undefined
}

export type HouseTask =
  | { name: 'seal'; directory: string; path: string }
  | ({ name: 'keep house' } & HouseRequest)
  | ({ name: 'retain' } & RetainRequest)

export interface HouseRequest {
  directory: string
  rules: Retention
  /** Unix milliseconds. */
  now: number
  /** Look at all days, not only where something has just changed. */
  thorough: boolean
}

export interface RetainRequest {
  directory: string
  rules: Retention
  /** Unix milliseconds. */
  now: number
  /** Only say what would be removed. */
  dryRun?: boolean
}
