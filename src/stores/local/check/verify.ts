// Reads a whole store and says all that is wrong with it: bytes that are not what was written, records that are missing or
// come twice, headers that are not true, runs whose account does not close.
import { basename } from 'node:path'
import type { StoreProblem, VerifyOptions, VerifyReport } from '../../../contracts/verify-report.ts'
import type { Disk } from '../../../system/disk.ts'
import { leftOutFrom } from '../../../contracts/left-out.ts'
import type { CursorValue } from '../../../contracts/store.ts'
import { decodeBatch } from '../../../wire/batch-codec.ts'
import { frameBytes, framePayload } from '../../../wire/frame.ts'
import { checkBlock } from './check-block.ts'
import { readVersion } from '../check-format.ts'
import type { BlockAt, BlockGroup } from '../day/day-file.ts'
import { removedFrom } from '../day/lost-records.ts'
import { formatFile, notesFile, removalsFile, tailFile } from '../names.ts'
import { readNotes, type Note, type StateChange } from '../tail/notes-file.ts'
import { countRanges, formatRanges, joinRanges, rangesOf, subtractRanges, type Range } from '../ranges.ts'
import { openBlockFile, type BlockFile } from '../day/read-block.ts'
import { readFrom } from '../frames/read-file.ts'
import { readRemovals } from '../removals.ts'
import { openRunLedger, type RunLedger } from './run-ledger.ts'
import type { Damage } from '../frames/scan-frames.ts'
import { ruleCause } from '../../../text/gaps.ts'
import { claimsOf, gapKind } from '../sequence-claims.ts'
import { openSnapshot } from './snapshot.ts'
import { damageOf, surveyStore, type DaySurvey, type Survey, type TailSurvey } from '../survey.ts'
import { replayTail } from '../tail/replay-tail.ts'

/** Works beside a hub, on the files as they are when it begins. */
export function verifyStore(real: Disk, directory: string, options: VerifyOptions): VerifyReport {
  const snapshot = openSnapshot(real, directory)
  try {
    return verifyFiles(snapshot.disk, directory, options)
  } finally {
    snapshot.close()
  }
}

function verifyFiles(disk: Disk, directory: string, { thorough, progress }: VerifyOptions): VerifyReport {
  const { notes, damage: notesDamage } = readNotes(disk, directory)
  const survey = surveyStore(disk, directory)
  const problems: StoreProblem[] = []
  const ledger = openRunLedger()
  const { removal, damage } = readRemovals(disk, directory)
  const total = survey.bytes
  let done = 0
  let records = 0
  const context: Context = {
    disk,
    directory,
    survey,
    notes,
    ledger,
    leftOut: new Map(),
    thorough,
    tell: (path, what) => problems.push({ file: basename(path), what }),
    read(bytes, count) {
      records += count
      done += bytes
      progress?.(done, total)
    },
  }
  if (disk.exists(formatFile(directory)) && readVersion(disk, formatFile(directory)) === undefined)
    context.tell(formatFile(directory), 'it is damaged; the next hub writes it again')
  tellDamage(context, removalsFile(directory), damage)
  for (const { bytes } of notesDamage)
    context.tell(notesFile(directory), `${bytes} bytes are damaged; the next hub writes it again`)
  for (const day of survey.days) tellDamage(context, day.path, damageOf(survey, day))
  const parts = [...groupsOf(survey), ...tailsOf(survey)].sort((a, b) => a.first - b.first)
  let end = 0
  const holes: Range[] = []
  for (const part of parts) {
    const last = part.verify(context)
    ledger.endPart()
    if (part.first > end + 1) holes.push([end + 1, part.first - 1])
    else if (part.first <= end) context.tell(part.path, `records ${part.first} to ${end} are there twice`)
    end = Math.max(end, last, part.first - 1)
  }
  takeGone(context)
  const { head = 0 } = notes.at(-1) ?? {}
  if (head > end) holes.push([end + 1, head])
  for (const [key, cursor] of context.leftOut) {
    const found = leftOutFrom(key, cursor)
    if (found) ledger.claim({ ...found, cause: ruleCause, seq: 0 })
  }
  const unknown = subtractRanges(joinRanges(holes), removal.ids)
  if (unknown.length > 0) problems.push({ what: `records ${formatRanges(unknown)} are in no file` })
  return {
    directory,
    files: survey.days.length + survey.tails.length,
    records,
    bytes: survey.bytes,
    problems,
    runs: ledger.accounts(removal),
  }
}

interface Context {
  disk: Disk
  directory: string
  survey: Survey
  notes: readonly Note[]
  ledger: RunLedger
  /** Cursors that say what was left out, as the last commit has them. */
  leftOut: Map<string, CursorValue>
  thorough: boolean
  tell(path: string, what: string): void
  /** Bytes and records that have been looked at. */
  read(bytes: number, records: number): void
}

interface LogPart {
  path: string
  first: number
  /** Returns the last id that it speaks for. */
  verify(context: Context): number
}

function tellDamage({ tell }: Context, path: string, damage: readonly Damage[]): void {
  for (const { offset, bytes } of damage) tell(path, `${bytes} bytes at ${offset} are damaged`)
}

function groupsOf(survey: Survey): LogPart[] {
  return survey.days.flatMap((day) =>
    day.groups
      // As long as a tail is there, it has what counts.
      .filter(({ first }) => !survey.tails.some((tail) => tail.first === first))
      .map((group) => ({
        path: day.path,
        first: group.first,
        verify: (context: Context) => verifyGroup(context, day, group),
      })),
  )
}

function verifyGroup(context: Context, { path }: DaySurvey, group: BlockGroup): number {
  const { first, last, blocks } = group
  const file = openBlockFile(context.disk, path)
  try {
    const seen = blocks.flatMap((block) => rangesOf(verifyBlock(context, path, file, block)))
    const twice = countRanges(seen) - countRanges(joinRanges(seen))
    const range = `the group of records ${first} to ${last}`
    if (twice > 0) context.tell(path, `${range} has ${twice} of them twice`)
    const lost = last - first + 1 - blocks.reduce((sum, { header }) => sum + header.count, 0) - removedFrom(group)
    if (lost > 0) context.tell(path, `${range} lacks ${lost} of them`)
    if (lost < 0) context.tell(path, `${range} has ${-lost} records too many`)
    const { parts } = blocks.at(-1)!.header.group
    if (parts === undefined) context.tell(path, `${range} has no end`)
    else if (parts !== blocks.length) context.tell(path, `${range} has ${blocks.length} of ${parts} blocks`)
    return last
  } finally {
    file.close()
  }
}

/** Returns the ids of its records, none when they cannot be read. */
function verifyBlock(context: Context, path: string, file: BlockFile, at: BlockAt): Iterable<number> {
  const { ledger, thorough, tell } = context
  const { header, offset, payloadBytes } = at
  const name = `the block of ${header.count} records of ${header.source} at ${offset}`
  const isWhole = file.isWhole(at)
  context.read(frameBytes(payloadBytes), header.count)
  try {
    const block = file.open(at)
    // A frame with the right checksum can be read; of others only reading tells.
    const batches = thorough || !isWhole || header.kinds.includes(gapKind) ? block.batches() : undefined
    if (!isWhole) tell(path, `${name} is damaged, but its records can be read`)
    else if (thorough) for (const wrong of checkBlock(header, block, batches!)) tell(path, `${name}: ${wrong}`)
    const [ids, seqs] = [block.ids(), block.seqs()]
    let row = 0
    for (const { run, count } of header.origins) {
      ledger.store(header.source, run, ids.subarray(row, row + count), seqs.subarray(row, row + count))
      row += count
    }
    for (const claim of (batches ?? []).flatMap(claimsOf)) ledger.claim(claim)
    return ids
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall) throw error
    tell(path, `${name} is damaged: ${(error as Error).message}`)
    for (const { run, lastSeq } of header.origins) ledger.captured(header.source, run, lastSeq)
    return []
  }
}

/** The words of commits beside their records. */
function takeChange({ ledger, leftOut }: Context, { sequences = [], cursors, carried }: StateChange): void {
  for (const sequence of [...(carried?.sequences ?? []), ...sequences]) ledger.captured(...sequence)
  for (const [key, cursor] of Object.entries({ ...carried?.cursors, ...cursors }))
    if (cursor) leftOut.set(key, cursor)
    else leftOut.delete(key)
}

/** Of a tail that should be the newest, and is not there, notes tell. */
function takeGone(context: Context): void {
  const { directory, survey, notes, tell } = context
  const newest = survey.tails.at(-1)?.first ?? 0
  const gone = notes.filter(({ tail }) => tail > newest)
  for (const note of gone) takeChange(context, note)
  if (gone.some(({ from }) => from > 0)) tell(tailFile(directory, gone[0]!.tail), 'it is gone')
}

function tailsOf({ tails }: Survey): LogPart[] {
  return tails.map((tail, index) => ({
    path: tail.path,
    first: tail.first,
    verify: (context) => verifyTail(context, tail, tails[index + 1]?.first),
  }))
}

/** `next`: the first id of the tail after it; then this one is finished. */
function verifyTail(context: Context, { path, first, bytes }: TailSurvey, next: number | undefined): number {
  const { disk, ledger, tell } = context
  const fd = disk.open(path, 'r')
  let expected = first
  let records = 0
  try {
    const { loss } = replayTail(disk, path, {
      notes: context.notes.filter(({ tail }) => tail === first),
      closed: next !== undefined,
      take: (change) => takeChange(context, change),
      visit({ source, run, count }, frame) {
        if (count === 0) return
        const batch = decodeBatch(framePayload(readFrom(disk, fd, frame.offset, frame.bytes)))
        const ids = rangesOf(batch.id)
        if (ids.length !== 1 || ids[0]![0] < expected) tell(path, `the records at ${frame.offset} are not in order`)
        else if (ids[0]![0] > expected) tell(path, `records ${formatRanges([[expected, ids[0]![0] - 1]])} are missing`)
        expected = batch.id[count - 1]! + 1
        records += count
        ledger.store(source, run, batch.id, batch.seq)
        for (const claim of claimsOf(batch)) ledger.claim(claim)
      },
    })
    if (next !== undefined && expected < next) tell(path, `records ${formatRanges([[expected, next - 1]])} are missing`)
    tellDamage(context, path, loss.damage)
    if (loss.missingBytes > 0) tell(path, `its last ${loss.missingBytes} bytes are missing`)
  } finally {
    disk.close(fd)
  }
  context.read(bytes, records)
  return next === undefined ? expected - 1 : next - 1
}
