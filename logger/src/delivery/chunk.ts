// Records on their way from the application's thread to the worker, and the JSON lines that the worker makes of them.

/** A place in a log file: everything before `end` is in the spool. Inode 0: there was no file yet. */
export interface LogPosition {
  device: number
  inode: number
  end: number
}

/**
 * Up to 500 records. Their texts are one string and their numbers typed arrays, because what is posted is copied: 140 ns a record,
 * and 250 as a list of values.
 */
export interface Chunk {
  /** Counts from 1. */
  number: number
  /** Message and rest of each record, one behind the other. */
  text: string
  /** Unix milliseconds. */
  times: Float64Array
  /** Two for each record: of message and rest. */
  lengths: Uint32Array
  /** Index of a record, level and logger: of this record and those that follow, up to the next. */
  heads: (number | string)[]
  /** Records dropped just before these: memory ran full. */
  dropped: number
  position?: LogPosition | undefined
}

export function countRecords({ times }: Chunk): number {
  return times.length
}

/** A JSON line for each record, with the keys that the hub knows; the gap comes first. */
export function formatChunk({ text, times, lengths, heads, dropped }: Chunk, pid: number): string {
  let lines = dropped > 0 ? formatGap(times[0]!, dropped, 'more was logged than could be kept in memory') : ''
  let at = 0
  let head = ''
  let nextHead = 0
  for (let i = 0; i < times.length; i++) {
    if (heads[nextHead] === i) {
      const [level, logger] = [JSON.stringify(heads[nextHead + 1]), JSON.stringify(heads[nextHead + 2])]
      head = `,"level":${level},"logger":${logger},"pid":${pid},"msg":`
      nextHead += 3
    }
    const endOfMessage = at + lengths[2 * i]!
    const end = endOfMessage + lengths[2 * i + 1]!
    // Of keys that come twice the last counts at the hub: fields that are called like ours stay fields.
    const rest = end > endOfMessage ? `${text.slice(endOfMessage, end)},` : ''
    lines += `{${rest}"time":${times[i]}${head}${JSON.stringify(text.slice(at, endOfMessage))}}\n`
    at = end
  }
  return lines
}

/** The line that stands for records which were given up; without a count where nobody can know how many. */
export function formatGap(time: number, count: number | undefined, reason: string): string {
  const msg = `[gap] ${count === undefined ? '' : `${count} `}records missing: ${reason}`
  return `${JSON.stringify({ time, level: 'WARNING', logger: 'logboom', msg, missing: count })}\n`
}
