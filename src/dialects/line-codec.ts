// Lines as bytes on a WebSocket: one text message a line, several as one array, or texts that the connection compresses.
import type { Wish } from '../contracts/dialect.ts'
import type { Codec } from '../live/codec.ts'
import { textFrames } from '../wire/websocket-frames.ts'
import { lineOf, lineOfNews, type LineContext } from './line-of.ts'

/** `frames`: whole WebSocket messages, to be written as they are. `texts`: lines of text, a message each. */
export type Packing = 'frames' | 'texts'

export function lineCodec({ form, encode, isBatched = false }: Wish, packing: Packing, context: LineContext): Codec {
  const pack = (texts: readonly string[]): Buffer => {
    const messages = isBatched ? [`[${texts.join(',')}]`] : texts
    return packing === 'frames' ? textFrames(messages) : Buffer.from(messages.join('\n'))
  }
  return {
    key: `${form}${isBatched ? ' batched' : ''} ${packing}`,
    record: (batch, row) => encode(lineOf(batch, row, context)),
    records: pack,
    tell(news) {
      const line = lineOfNews(news, context)
      return line && pack([encode(line)])
    },
    showsUnkept: false,
    wantsLogger: true,
  }
}
