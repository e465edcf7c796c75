// Writes what is damaged anew without its damage: what can be read stays, what cannot is set aside and told of. Needs to be
// the only one who writes.
import { basename } from 'node:path'
import type { RepairReport } from '../../../contracts/verify-report.ts'
import { nodeDisk, type Disk } from '../../../system/disk.ts'
import type { StoreOptions } from '../../../contracts/store.ts'
import { frameBytes } from '../../../wire/frame.ts'
import { runHouseTask } from '../keep/house-task.ts'
import type { BlockGroup } from '../day/day-file.ts'
import { isComplete } from '../day/lost-records.ts'
import { lostGroup, mendGroup, type MendContext } from './mend-group.ts'
import { removalsFile } from '../names.ts'
import { readNotes } from '../tail/notes-file.ts'
import { subtractRanges, type Range } from '../ranges.ts'
import { openBlockFile } from '../day/read-block.ts'
import { mendRemovals, readRemovals } from '../removals.ts'
import { replayTail } from '../tail/replay-tail.ts'
import { openLocalStore } from '../open-local-store.ts'
import { rewriteDay, tidyDays, type Piece } from '../day/rewrite-day.ts'
import type { Damage } from '../frames/scan-frames.ts'
import type { Housekeeper } from '../keep/housekeeper.ts'
import { asidePath, setAside } from '../frames/set-aside.ts'
import { damageOf, surveyStore, type DaySurvey, type Survey } from '../survey.ts'

/** Rejects with what the disk says; what was done by then stays. */
export async function repairStore(options: StoreOptions): Promise<RepairReport> {
  const { directory, disk = nodeDisk } = options
  const report: RepairReport = { done: [], setAside: [] }
  const keep = (path: string, damage: Damage): void => {
    setAside(disk, directory, path, damage)
    report.setAside.push(asidePath(directory, path, damage))
  }
  await sealDamagedTails(options, report)
  tidyDays(disk, directory)
  const survey = surveyStore(disk, directory)
  repairRemovals(disk, directory, report, keep)
  const holes = holesOf(survey, readRemovals(disk, directory).removal.ids)
  for (const day of survey.days) repairDay(disk, directory, day, { survey, holes, report, keep })
  return report
}

type Keep = (path: string, damage: Damage) => void

/** Sealing leaves out what is damaged, and sets it aside. */
async function sealDamagedTails(options: StoreOptions, report: RepairReport): Promise<void> {
  const { directory, disk = nodeDisk } = options
  const { notes } = readNotes(disk, directory)
  const { tails } = surveyStore(disk, directory)
  const harmed = tails.flatMap(({ path, first }, index) => {
    const own = notes.filter(({ tail }) => tail === first)
    const { loss } = replayTail(disk, path, { notes: own, closed: index < tails.length - 1, take: () => undefined })
    return loss.damage.length + loss.missingBytes > 0 ? { path, ...loss } : []
  })
  const isGone = notes.some(({ tail }) => tail > (tails.at(-1)?.first ?? 0))
  if (harmed.length === 0 && !isGone) return
  const housekeeper: Housekeeper = { run: async (task) => runHouseTask(disk, task), close: () => Promise.resolve() }
  const store = await openLocalStore(options, housekeeper)
  await store.seal({ all: true })
  await store.close()
  for (const { path, damage, missingBytes } of harmed) {
    const missing = missingBytes > 0 ? `, its last ${missingBytes} bytes are missing` : ''
    report.done.push(`${basename(path)}: sealed without ${bytesOf(damage)} damaged bytes${missing}`)
    report.setAside.push(...damage.map((each) => asidePath(directory, path, each)))
  }
}

function repairRemovals(disk: Disk, directory: string, report: RepairReport, keep: Keep): void {
  const path = removalsFile(directory)
  const { damage } = readRemovals(disk, directory)
  if (damage.length === 0) return
  for (const each of damage) keep(path, each)
  mendRemovals(disk, directory)
  report.done.push(`${basename(path)}: written anew without ${bytesOf(damage)} damaged bytes`)
}

/** Ids that are in no file, by the last id of the group before them. */
function holesOf({ days, tails }: Survey, removed: readonly Range[]): Map<number, Range[]> {
  const groups = days.flatMap((day) => day.groups).sort((a, b) => a.first - b.first)
  const firsts = [...groups.map(({ first }) => first), ...tails.map(({ first }) => first)].sort((a, b) => a - b)
  return new Map(
    groups.map(({ last }) => {
      const next = firsts.find((first) => first > last) ?? last + 1
      return [last, next === last + 1 ? [] : subtractRanges([[last + 1, next - 1]], removed)]
    }),
  )
}

interface DayRepair {
  survey: Survey
  holes: ReadonlyMap<number, Range[]>
  report: RepairReport
  keep: Keep
}

function repairDay(disk: Disk, directory: string, day: DaySurvey, { survey, holes, report, keep }: DayRepair): void {
  const { path, groups } = day
  const file = openBlockFile(disk, path)
  try {
    const damage = damageOf(survey, day)
    const isSick = (group: BlockGroup): boolean => !isComplete(group) || !group.blocks.every(file.isWhole)
    if (damage.length === 0 && !groups.some((group) => isSick(group) || holes.get(group.last)!.length > 0)) return
    const said: string[] = []
    const context: MendContext = {
      disk,
      path,
      file,
      keep: (each) => keep(path, each),
      say: (what) => void said.push(what),
    }
    for (const each of damage) keep(path, each)
    rewriteDay(disk, directory, day.name, piecesOf(context, groups, isSick, holes))
    const without = damage.length > 0 ? ` without ${bytesOf(damage)} damaged bytes` : ''
    report.done.push(`${basename(path)}: written anew${without}`, ...said.map((each) => `  ${each}`))
  } finally {
    file.close()
  }
}

function* piecesOf(
  context: MendContext,
  groups: readonly BlockGroup[],
  isSick: (group: BlockGroup) => boolean,
  holes: ReadonlyMap<number, Range[]>,
): Generator<Piece> {
  for (const group of groups) {
    const last = group.blocks.at(-1)!
    const { offset } = group.blocks[0]!
    if (isSick(group)) for (const frame of mendGroup(context, group)) yield { frame }
    else yield { copy: { offset, bytes: last.offset + frameBytes(last.payloadBytes) - offset } }
    for (const hole of holes.get(group.last)!) {
      context.say(`records ${hole[0]} to ${hole[1]} are lost`)
      yield { frame: lostGroup(hole, last.header.timeTo, basename(context.path)) }
    }
  }
}

const bytesOf = (damage: readonly Damage[]): number => damage.reduce((sum, { bytes }) => sum + bytes, 0)
