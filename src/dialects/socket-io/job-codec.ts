// A job's lines on their way to its viewers: JSON, a line each, which all viewers of the job share.
import { messageAt } from '../../contracts/batch.ts'
import { kinds, streams } from '../../contracts/record.ts'
import type { Codec } from '../../live/codec.ts'
import type { LogLineEvent } from '../../wire/dialect-messages.ts'
import { lineOfNews, type LineContext } from '../line-of.ts'
import { lineText } from '../line-text.ts'

export type JobLine = Pick<LogLineEvent, 'line' | 'stream' | 'timestamp'>

/** Stands where history ends. */
const liveMark = 'live'

export function jobCodec(context: LineContext): Codec {
  return {
    key: 'job',
    record(batch, row) {
      const message = messageAt(batch, row)
      const kind = kinds[batch.kind[row]!]!
      const isPrinted = kind === 'system' || kind === 'audit'
      return JSON.stringify({
        // Colours are for whoever shows it.
        line: isPrinted ? message : lineText({ kind, source: batch.source, message }),
        stream: streams[batch.stream[row]!] === 'stderr' ? 'stderr' : 'stdout',
        timestamp: new Date(batch.time[row]!).toISOString(),
      } satisfies JobLine)
    },
    records: (texts) => Buffer.from(texts.join('\n')),
    tell(news) {
      if (news.type === 'live') return Buffer.from(liveMark)
      const line = lineOfNews(news, context)
      if (!line) return undefined
      const timestamp = new Date(line.time).toISOString()
      return Buffer.from(JSON.stringify({ line: lineText(line), stream: 'stderr', timestamp } satisfies JobLine))
    },
    showsUnkept: false,
    wantsLogger: false,
  }
}

export function jobPartsOf(bytes: Uint8Array): { lines: JobLine[]; isLive: boolean } {
  const text = Buffer.from(bytes).toString()
  if (text === liveMark) return { lines: [], isLive: true }
  return { lines: text.split('\n').map((line) => JSON.parse(line) as JobLine), isLive: false }
}
