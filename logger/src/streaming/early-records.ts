// Records from before the first client (C1). Most applications never stream: beyond a thousand, records from before the set-up are only counted.
import { warningValue } from '../level/levels.ts'
import type { StreamedRecord } from './monitor-message.ts'

export interface EarlyRecords {
  add(time: number, value: number, logger: string, message: string, json: string): void
  /** Streaming is set up: from now on the newest are kept. */
  begin(): void
  /** All, oldest first. */
  take(): StreamedRecord[]
}

const mostRecords = 1000
/** UTF-16 units, of messages and fields. */
const mostLength = 1 << 20

export function openEarlyRecords(): EarlyRecords {
  let kept: StreamedRecord[] = []
  /** Index of the oldest once all places are taken. */
  let oldest = 0
  let length = 0
  let missing = 0
  let hasBegun = false

  function add(time: number, value: number, logger: string, message: string, json: string): void {
    if (!hasBegun) {
      length += message.length + json.length
      if (kept.length >= mostRecords || length > mostLength) missing++
      else kept.push({ time, value, logger, message, json })
    } else if (kept.length < mostRecords) kept.push({ time, value, logger, message, json })
    else {
      kept[oldest] = { time, value, logger, message, json }
      oldest = (oldest + 1) % mostRecords
    }
  }

  return {
    add,
    begin() {
      if (hasBegun) return
      hasBegun = true
      if (missing === 0) return
      const text = `[gap] ${missing} line${missing === 1 ? '' : 's'} missing: more than ${kept.length} were logged before streaming was set up`
      kept.push({ time: Date.now(), value: warningValue, logger: 'logboom', message: text, json: '' })
    },
    take() {
      const all = [...kept.slice(oldest), ...kept.slice(0, oldest)]
      kept = []
      return all
    },
  }
}
