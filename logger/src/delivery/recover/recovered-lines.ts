// Lines of a log file as JSON lines for the spool: records that a killed process had written to its log and not yet handed on.

/** `2025-10-19 05:55:47.606 [4157] [INFO] message` (D2). */
const head = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3}) \[(\d+)\] \[([A-Z]+)\] ?(.*)$/s

export interface RecoveredLines {
  text: string
  records: number
}

/** A record for each entry: a line with its continuation lines. Lines of a JSON log go on as they are. */
export function formatRecoveredLines(log: string, { logger, utc }: { logger: string; utc: boolean }): RecoveredLines {
  let text = ''
  let records = 0
  let entry: { time?: number; pid?: number; level?: string; message: string } | undefined
  const add = (): void => {
    if (!entry) return
    const { time, pid, level, message } = entry
    text += `${JSON.stringify({ time, level, logger, pid, msg: message })}\n`
    records++
    entry = undefined
  }
  const lines = log.split('\n')
  if (lines.at(-1) === '') lines.pop()
  // In a log of text a line of JSON is what somebody said.
  const isText = lines.some((line) => head.test(line))
  for (const line of lines) {
    const found = head.exec(line)
    if (found) {
      add()
      entry = { time: timeOf(found, utc), pid: Number(found[8]), level: found[9]!, message: found[10]! }
    } else if (!isText && line.startsWith('{') && isObject(line)) {
      add()
      text += `${line}\n`
      records++
    } else if (entry) entry.message += `\n${line}`
    else entry = { message: line }
  }
  add()
  return { text, records }
}

function timeOf(found: RegExpExecArray, utc: boolean): number {
  const [year, month, day, hour, minute, second, millisecond] = found.slice(1, 8).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return utc
    ? Date.UTC(year, month - 1, day, hour, minute, second, millisecond)
    : new Date(year, month - 1, day, hour, minute, second, millisecond).getTime()
}

function isObject(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
