// Housekeeping of sealed records: rules are kept to, small groups merged, leftovers removed. One such task at a time, and never
// beside sealing.
import type { Disk } from '../../../system/disk.ts'
import type { RetentionReport } from '../../../contracts/retention.ts'
import type { HouseRequest } from './house-calls.ts'
import { mergeDay } from './merge-day.ts'
import { dayOf } from '../names.ts'
import { retain } from './retain.ts'
import { tidyDays } from '../day/rewrite-day.ts'
import { sealedBefore, storeBytes, surveyStore } from '../survey.ts'

/** `spent` is told what has been left behind, in places where nothing is in hand. */
export function keepHouse(
  disk: Disk,
  request: HouseRequest,
  spent: (bytes: number) => void = () => {},
): RetentionReport {
  const { directory, rules, now, thorough } = request
  tidyDays(disk, directory)
  // Days only get too old as others begin; too many bytes they may be at any time.
  const isDue = thorough || (rules.bytes !== false && storeBytes(disk, directory) > rules.bytes)
  const report = isDue ? retain(disk, { directory, rules, now }) : noReport
  const survey = surveyStore(disk, directory, (_, index, all) => thorough || index === all.length - 1)
  const before = sealedBefore(survey)
  for (const day of survey.days) mergeDay(disk, directory, day, { isOver: day.name.day < dayOf(now), before, spent })
  return report
}

const noReport: RetentionReport = { records: 0, bytes: 0, sources: [], days: [] }
