// Sends the spool's segments, the oldest first, one at a time, and does with each what the hub's answer calls for. A batch is
// on the disk, under its name, before it is posted.
import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Segment, Spool } from '../spool/open-spool.ts'
import { linesOfSegment } from '../spool/segment.ts'
import { endOfPart, readSentRange, writeSentRange, type SentRange } from '../spool/sent-range.ts'
import { nextStep, type Answer } from './next-step.ts'
import type { Poster } from './open-poster.ts'

export interface Sender {
  /** There is something to send. */
  wake(): void
  /** No attempt has failed since the last that went well. */
  isWell(): boolean
  close(): void
}

export interface SenderOptions {
  spool: Spool
  poster: Poster
  /** For people, once for each text. */
  tell(text: string): void
  /** A segment went, or could not go. */
  onStep(): void
  /** Something could not be sent and never will be. */
  onRefused(records: number): void
}

/** Of one body; the hub stores up to 2 MiB and 16,384 records as one. */
const bodyBytes = 2 * 1024 * 1024
/** A quiet application's records gather for so long: the hub remembers 1,000 names of batches. */
const paceMs = 200

export function openSender({ spool, poster, tell, onStep, onRefused }: SenderOptions): Sender {
  let isRunning = false
  let isClosed = false
  let failures = 0
  let lastPostAt = 0
  /** Bytes that a hub, or a proxy before it, has taken at once. */
  let most = bodyBytes
  let timer: NodeJS.Timeout | undefined

  const wakeIn = (ms: number): void => {
    timer = setTimeout(() => {
      timer = undefined
      run()
    }, ms)
  }

  const run = (): void => {
    if (isRunning || isClosed || timer) return
    const sinceMs = performance.now() - lastPostAt
    const segment = spool.oldest(sinceMs >= paceMs)
    if (!segment) {
      if (!spool.isEmpty() && sinceMs < paceMs) wakeIn(paceMs - sinceMs)
      return
    }
    isRunning = true
    void sendPart(segment)
      .catch((error: unknown) => {
        failures++
        tell(`The spool cannot be read: ${String(error)}`)
        return 1000
      })
      .then((waitMs) => {
        isRunning = false
        onStep()
        if (waitMs > 0) wakeIn(waitMs)
        else run()
      })
  }

  /** Gives how long to wait before the next. */
  async function sendPart(segment: Segment): Promise<number> {
    const lines = linesOfSegment(readFileSync(segment.path))
    let range: SentRange = readSentRange(segment.path) ?? { from: 0, most }
    const isWhole = range.from === 0 && lines.length <= range.most
    if (!isWhole) writeSentRange(segment.path, range)
    const to = endOfPart(lines, range)
    const name = isWhole ? segment.name : `${segment.name}-${range.from}-${to}`
    lastPostAt = performance.now()
    const answer: Answer =
      lines.length === 0 ? { status: 200 } : await poster.post(name, lines.subarray(range.from, to))
    if (isClosed) return 0
    const step = nextStep(answer, { failures, chance: Math.random(), now: Date.now() })
    const passOn = (): void => {
      failures = 0
      if (to >= lines.length) spool.remove(segment)
      else writeSentRange(segment.path, { ...range, from: to })
    }
    switch (step.do) {
      case 'next':
        passOn()
        return 0
      case 'halve': {
        const part = lines.subarray(range.from, to)
        if (part.indexOf(10) === part.length - 1) {
          const file = path.join(path.dirname(segment.path), '../too-large.refused')
          appendFileSync(file, part)
          tell(`The hub refuses a record as too large; it is set aside in ${file}.`)
          passOn()
          onRefused(1)
          return 0
        }
        most = Math.max(1, Math.floor(part.length / 2))
        range = { ...range, most }
        writeSentRange(segment.path, range)
        return 0
      }
      case 'set-aside':
        tell(step.tell)
        spool.setAside(segment)
        onRefused(segment.records)
        return 0
      case 'wait':
        failures++
        if (step.tell) tell(step.tell)
        return step.waitMs
    }
  }

  return {
    wake: run,
    isWell: () => failures === 0,
    close() {
      isClosed = true
      clearTimeout(timer)
      poster.close()
    },
  }
}
