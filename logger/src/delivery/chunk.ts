// Records on their way from the application's thread to the worker, and the JSON lines that the worker makes of them.

/** A place in a log file: everything before `end` is in the spool. Inode 0: there was no file yet. */
export interface LogPosition {
  device: number
  inode: number
  end: number
}

export interface Chunk {
  /** Counts from 1. */
  number: number
  /** Flat, five values a record: time, level, logger, message, rest. An array of strings and numbers is cheap to post. */
  pieces: (number | string)[]
  /** Records dropped just before these: memory ran full. */
  dropped: number
  position?: LogPosition | undefined
}

const valuesPerRecord = 5

export function countRecords({ pieces }: Chunk): number {
  return pieces.length / valuesPerRecord
}

/** One JSON line a record, with the keys that the hub knows; the gap comes first. */
export function formatChunk({ pieces, dropped }: Chunk, pid: number): string {
  let lines = ''
  if (dropped > 0) {
    const time = typeof pieces[0] === 'number' ? pieces[0] : Date.now()
    lines = formatGap(time, dropped, 'more was logged than could be kept in memory')
  }
  for (let i = 0; i < pieces.length; i += valuesPerRecord) {
    const rest = pieces[i + 4]
    lines +=
      `{"time":${pieces[i]},"level":${JSON.stringify(pieces[i + 1])},"logger":${JSON.stringify(pieces[i + 2])},` +
      `"pid":${pid},"msg":${JSON.stringify(pieces[i + 3])}${rest === '' ? '' : `,${rest}`}}\n`
  }
  return lines
}

/** The line that stands for records which were given up; without a count where nobody can know how many. */
export function formatGap(time: number, count: number | undefined, reason: string): string {
  const msg = `[gap] ${count === undefined ? '' : `${count} `}records missing: ${reason}`
  return `${JSON.stringify({ time, level: 'WARNING', logger: 'logboom', msg, missing: count })}\n`
}
