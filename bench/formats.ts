// How often severity, time and message of real log lines are what people said they are, and how fast that goes: the samples of
// loghub-2k through the stages, line by line beside the columns of their tables.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { messageAt, type RecordBatch } from '../src/contracts/batch.ts'
import { shapeLines } from '../src/shape/shape-lines.ts'
import { parseSeverity, severityName } from '../src/contracts/record.ts'
import { stageTypes } from '../src/stages/index.ts'
import { splitLines } from '../src/tail/split-lines.ts'
import { parseCsv } from './parse-csv.ts'
import { sampleDirectory } from './store/sample-lines.ts'
import { printTable } from './table.ts'

type Row = Record<string, string>

interface Truth {
  /** Undefined where the table does not say it. */
  level?: (row: Row) => string
  /** The time of the row and that of a record, in the same words. */
  time: (row: Row) => string
  timeOf: (time: number) => string
}

const two = (value: number | string): string => String(value).padStart(2, '0')
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

function clockOf(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** `2025-10-19 05:55:47`, local. */
function dateAndClock(time: number): string {
  const date = new Date(time)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockOf(date)}`
}

const withMs = (time: number): string =>
  `${dateAndClock(time)}.${String(new Date(time).getMilliseconds()).padStart(3, '0')}`

/** `Oct 19 05:55:47 2025`, local. */
function monthFirst(time: number): string {
  const date = new Date(time)
  return `${months[date.getMonth()]} ${two(date.getDate())} ${clockOf(date)} ${date.getFullYear()}`
}

/** The latest year in which that day is not after tomorrow. */
function withYear(monthDayClock: string): string {
  const year = new Date().getFullYear()
  const isLater = Date.parse(`${monthDayClock} ${year}`) > Date.now() + 86_400_000
  return `${monthDayClock} ${isLater ? year - 1 : year}`
}

const level = (row: Row): string => row.Level!

const truths: Record<string, Truth> = {
  Apache: { level, time: (row) => row.Time!.slice(4), timeOf: monthFirst },
  // `Time` has no zone; the seconds since 1970 need none.
  BGL: { level, time: (row) => row.Timestamp!, timeOf: (time) => String(Math.floor(time / 1000)) },
  // The table has lost zeros in front: `81109 203615`.
  HDFS: {
    level,
    time(row) {
      const [date, clock] = [row.Date!.padStart(6, '0'), row.Time!.padStart(6, '0')]
      return `20${date.replace(/(..)(..)(..)/, '$1-$2-$3')} ${clock.replace(/(..)(..)(..)/, '$1:$2:$3')}`
    },
    timeOf: dateAndClock,
  },
  Hadoop: { level, time: (row) => `${row.Date} ${row.Time!.replace(',', '.')}`, timeOf: withMs },
  // `Level` is the host in this table: the lines name no level.
  Linux: { time: (row) => withYear(`${row.Month} ${two(row.Date!)} ${row.Time}`), timeOf: monthFirst },
  OpenSSH: { time: (row) => withYear(`${row.Date} ${two(row.Day!)} ${row.Time}`), timeOf: monthFirst },
  OpenStack: { level, time: (row) => `${row.Date} ${row.Time}`, timeOf: withMs },
}

export function formats(): void {
  if (!existsSync(sampleDirectory)) {
    console.log(
      `\nformats: the samples of loghub-2k are not in ${sampleDirectory}, so there is nothing to compare with.`,
    )
    return
  }
  const rows = Object.entries(truths).map(([name, truth]) => compare(name, truth))
  printTable('Real lines beside what people said of them: share that is the same, in per cent', rows)
}

function compare(name: string, truth: Truth): Record<string, string | number> {
  const directory = path.join(sampleDirectory, name)
  const table = readdirSync(directory).find((file) => file.includes('structured') && file.endsWith('.csv'))!
  const [head, ...cells] = parseCsv(readFileSync(path.join(directory, table), 'utf8'))
  const rows = cells.map((row): Row => Object.fromEntries(head!.map((column, i) => [column, row[i] ?? ''])))
  const lines = readFileSync(path.join(directory, `${name}_2k.log`), 'utf8')
    .split(/\r?\n/)
    .slice(0, rows.length)
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  const batch = shape(bytes)

  let [levels, times, messages] = [0, 0, 0]
  rows.forEach((row, i) => {
    const expected = truth.level && parseSeverity(truth.level(row))
    if (expected !== undefined && severityName(expected) === severityName(batch.severity[i]!)) levels++
    else if (expected !== undefined) show(name, 'level', lines[i]!, severityName(batch.severity[i]!))
    if (truth.time(row) === truth.timeOf(batch.time[i]!)) times++
    else show(name, 'time', lines[i]!, truth.timeOf(batch.time[i]!))
    if (row.Content!.trim() === messageAt(batch, i).trim()) messages++
    else show(name, 'message', lines[i]!, messageAt(batch, i))
  })
  const percent = (count: number): string => ((100 * count) / rows.length).toFixed(2)
  return {
    lines: name,
    number: rows.length,
    severity: truth.level ? percent(levels) : 'not said',
    time: percent(times),
    message: percent(messages),
    'lines/s': Math.round(lines.length / secondsOf(bytes)),
  }
}

/** `DIFFERENCES=1` shows each. */
function show(...parts: string[]): void {
  if (process.env.DIFFERENCES) console.log(parts.join(' | '))
}

function shape(bytes: Buffer): RecordBatch {
  const origin = { source: 'sample', run: 1, session: '', pid: 0, stream: 'stdout', label: undefined } as const
  const lines = { text: bytes, ...splitLines(bytes, bytes.length), utf8: true }
  return stages.reduce((batch, stage) => stage.apply(batch), shapeLines(lines, origin, Date.now(), 1))
}

const stages = stageTypes.map((type) => type.open(type.options(z).parse({})))

/** CPU seconds for the lines, with what it takes to put them into a batch; the best of some. */
function secondsOf(bytes: Buffer): number {
  let best = Infinity
  for (let round = 0; round < 30; round++) {
    const before = process.cpuUsage()
    shape(bytes)
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1e6)
  }
  return best
}
