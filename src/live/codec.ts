// The form in which a follower gets its lines: frames of follow, or messages of a dialect. Its own file because a channel encodes
// by it once for all followers that share a form.
import type { RecordBatch } from '../contracts/batch.ts'
import type { Services } from '../contracts/record.ts'
import type { FollowFrame } from '../wire/follow-frame.ts'
import { recordJson } from '../wire/record-json.ts'
import type { Row } from './row.ts'

export interface Codec {
  /** Names everything that the bytes depend on: followers with the same key and query share a channel. */
  key: string
  /** A record as text. */
  record(batch: RecordBatch, row: number): string
  /** Texts that go out together. */
  records(texts: readonly string[], cursor: number): Buffer
  /** News that are no records; undefined: this form has no words for them. */
  tell(news: News): Buffer | undefined
  /** Whether lines that are not kept are shown, marked, to be taken back. */
  showsUnkept: boolean
  /** Rows are to have their logger, by which repeats are told. */
  wantsLogger: boolean
}

export type News =
  | Exclude<FollowFrame, { type: 'records' | 'repeats' | 'unkept' | 'gap' }>
  /** `last`: the newest of the missing lines, where it is known. */
  | (Extract<FollowFrame, { type: 'gap' }> & { last?: Row })
  | RepeatsNews

/** Lines that news tell are missing, and why; those of which nobody knows how many are `unknown`, once. */
export function missingIn(news: News): { cause: string; lines: number } | undefined {
  if (news.type === 'repeats') return { cause: 'repeats', lines: news.more }
  if (news.type !== 'gap') return undefined
  return news.lines === 'unknown' ? { cause: 'unknown', lines: 1 } : { cause: news.reason, lines: news.lines }
}

/** The line with id `of` came `count` more times; `more` of them were not told before. `isFolded`: `newest` stands for all. */
export interface RepeatsNews {
  type: 'repeats'
  of: number
  count: number
  more: number
  newest: Row
  isFolded: boolean
  atLeast?: boolean
}

/** `/api/v1/follow`. */
export function followCodec(services: Services): Codec {
  return {
    key: 'follow',
    record: (batch, row) => recordJson(batch, row, services),
    records: (texts, cursor) => Buffer.from(`{"type":"records","records":[${texts.join(',')}],"cursor":${cursor}}`),
    tell(news) {
      if (news.type === 'repeats') return Buffer.from(repeatsJson(news))
      if (news.type !== 'gap') return Buffer.from(JSON.stringify(news))
      const { last: _, ...frame } = news
      return Buffer.from(JSON.stringify(frame))
    },
    showsUnkept: true,
    wantsLogger: false,
  }
}

function repeatsJson({ of, count, newest, isFolded, atLeast }: RepeatsNews): string {
  if (!isFolded) return JSON.stringify({ type: 'repeats', of, count })
  return `{"type":"repeats","of":${of},"count":${count}${atLeast ? ',"atLeast":true' : ''},"newest":${newest.json}}`
}
