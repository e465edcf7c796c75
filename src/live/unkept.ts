// The newest lines that are captured and cannot be kept, in a ring (C3): what followers are shown while the store cannot be
// written. Best effort within fixed bounds; nothing here holds up the capture.
import { recordAt, type RecordBatch } from '../contracts/batch.ts'
import type { Predicate } from '../query/match/compile-query.ts'
import type { Storage } from '../contracts/storage.ts'
import { namedRecord } from '../wire/record-json.ts'

export interface Unkept {
  /** `changed` is called when lines have come or gone, now and then. Gives what ends that. */
  subscribe(changed: () => void): () => void
  /** Lines with smaller numbers do not wait any more. */
  first(): number
  /** Number of the newest that there was. */
  last(): number
  /**
   * The lines that match and have greater numbers, the newest so many of each source, as a frame. Made once for all who ask the
   * same: `query` names the predicate.
   */
  frame(request: UnkeptRequest): UnkeptFrame
}

export interface UnkeptRequest {
  query: string
  predicate: Predicate
  after: number
  perSource: number
}

export interface UnkeptFrame {
  bytes: Buffer
  count: number
  /** Number of the newest line that was looked at. */
  last: number
}

interface Row {
  number: number
  batch: RecordBatch
  index: number
  json: string
}

const mostCharacters = 1024 * 1024
/** Between two frames. */
const tickMs = 100

/** `mostRows`: SPEC C3. */
export function openUnkept(storage: Pick<Storage, 'onUnkept' | 'services'>, mostRows: number): Unkept {
  const listeners = new Set<() => void>()
  let rows: Row[] = []
  let characters = 0
  let first = 1
  let last = 0
  let made = new Map<string, UnkeptFrame>()
  let timer: NodeJS.Timeout | undefined

  storage.onUnkept((news) => {
    for (const { number, batch } of news.added) add(number, batch)
    first = news.first
    dropOldest()
    made = new Map()
    timer ??= setTimeout(() => {
      timer = undefined
      for (const changed of listeners) changed()
    }, tickMs).unref()
  })

  function add(number: number, batch: RecordBatch): void {
    for (let index = 0; index < batch.count; index++) {
      const { id: _, ...record } = namedRecord(recordAt(batch, index), storage.services)
      const json = JSON.stringify({ unkept: number + index, ...record })
      rows.push({ number: number + index, batch, index, json })
      characters += json.length
    }
    last = Math.max(last, number + batch.count - 1)
  }

  function dropOldest(): void {
    let count = 0
    for (const { number, json } of rows) {
      if (number >= first && rows.length - count <= mostRows && characters <= mostCharacters) break
      characters -= json.length
      count++
    }
    rows = rows.slice(count)
  }

  function select({ predicate, after, perSource }: UnkeptRequest): string[] {
    const left = new Map<string, number>()
    const texts: string[] = []
    for (let at = rows.length - 1; at >= 0 && rows[at]!.number > after; at--) {
      const { batch, index, json } = rows[at]!
      const more = left.get(batch.source) ?? perSource
      if (more <= 0 || !predicate(batch, index)) continue
      left.set(batch.source, more - 1)
      texts.push(json)
    }
    return texts.reverse()
  }

  return {
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    first: () => first,
    last: () => last,
    frame(request) {
      const key = `${request.after} ${request.perSource} ${request.query}`
      let frame = made.get(key)
      if (!frame) {
        const texts = select(request)
        const bytes = Buffer.from(`{"type":"unkept","first":${first},"records":[${texts.join(',')}]}`)
        made.set(key, (frame = { bytes, count: texts.length, last }))
      }
      return frame
    },
  }
}
