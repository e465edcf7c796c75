// How many records a block has per minute and severity, so that a histogram need not open it.

/** Records of one minute of event time and one severity number. */
export interface MinuteCount {
  /** Unix milliseconds of its beginning. */
  minute: number
  severity: number
  count: number
}

const minuteMs = 60_000
const rowBytes = 16

/** f64 minute · u32 severity · u32 count, by minute and severity. Empty when there are so many that counting the records is as quick. */
export function countPerMinute(time: Float64Array, severity: Uint8Array): Uint8Array {
  const counts = new Map<number, number>()
  for (let i = 0; i < time.length; i++) {
    const key = Math.floor(time[i]! / minuteMs) * 32 + severity[i]!
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  if (counts.size * 16 > time.length + 16) return new Uint8Array(0)
  const bytes = new Uint8Array(counts.size * rowBytes)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [key, count] of [...counts].sort(([a], [b]) => a - b)) {
    const minute = Math.floor(key / 32)
    view.setFloat64(at, minute * minuteMs, true)
    view.setUint32(at + 8, key - minute * 32, true)
    view.setUint32(at + 12, count, true)
    at += rowBytes
  }
  return bytes
}

export function readMinuteCounts(bytes: Uint8Array): MinuteCount[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length / rowBytes }, (_, i) => ({
    minute: view.getFloat64(i * rowBytes, true),
    severity: view.getUint32(i * rowBytes + 8, true),
    count: view.getUint32(i * rowBytes + 12, true),
  }))
}
