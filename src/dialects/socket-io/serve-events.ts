// Socket.IO's main namespace (SPEC C6): each line once, as `cantina_event`, with the cursor behind it as the offset to resume from;
// and after `join:log` the lines of a job.
import type { Socket } from 'socket.io'
import type { Wish } from '../../contracts/dialect.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { Codec } from '../../live/codec.ts'
import type { Follow, FollowOut } from '../../live/follower.ts'
import { eventData, eventRateLimit, eventsReplayed } from '../events.ts'
import { lineOf, lineOfNews } from '../line-of.ts'
import type { DialectSettings } from '../serve-dialect.ts'
import { readOptions } from '../stream-options.ts'
import { thinningForm } from '../thinning-form.ts'
import { openJobLogs, type ServedNamespace } from './job-logs.ts'
import { openPacketOut, packetFrames } from './packet-out.ts'

/** A packet with its offset: Socket.IO's text of an event of the main namespace. */
const packetOf = (data: string, offset: string): string =>
  `2["cantina_event",${data}${offset === '' ? '' : `,"${offset}"`}]`

/**
 * Python's handlers take as many arguments as they name: an offset behind the data would break them. Clients that do not say what
 * they are know offsets when they write the address as engine.io-client does.
 */
function takesOffset({ headers, url }: Socket['handshake']): boolean {
  const agent = headers['user-agent']
  return agent === undefined ? /\?EIO=4&transport=/.test(url) : !/python|aiohttp/i.test(agent)
}

export function serveEvents(socket: Socket, served: ServedNamespace): void {
  const { settings, view } = served
  const parameters = new URLSearchParams(socket.handshake.url.split('?')[1] ?? '')
  const packets = openPacketOut(socket)
  const codec = eventCodec(takesOffset(socket.handshake), settings)
  const logs = openJobLogs(socket, { ...served, isInitialGiven: false })
  let follow: Follow | undefined
  const out: FollowOut = {
    send: (frames) => packets.write(frames, () => follow?.drained()),
    pendingBytes: packets.pendingBytes,
    fail: refuse,
  }

  function refuse(error: unknown): void {
    socket.emit('error', { message: error instanceof LogboomError ? error.message : 'The hub cannot go on.' })
    socket.disconnect(true)
  }

  async function begin(): Promise<void> {
    const { query, shown } = readOptions(parameters)
    const { after } = socket.data as { after?: number }
    let from: { after: number; slow?: 'skip' }
    if (after !== undefined) from = { after }
    else {
      const recent = { count: eventsReplayed, of: 'all' } as const
      const { places, cursor } = await view.recent(recent, query, shown)
      const texts = places.map(({ batch, row }) => codec.record(batch, row))
      if (texts.length > 0) out.send(codec.records(texts, cursor), cursor)
      from = { after: cursor, slow: 'skip' }
    }
    if (!socket.connected) return
    const request = { query, shown, rateLimit: eventRateLimit, collapse: true, ...from }
    follow = view.follow(request, out, {
      codec,
      thinning: thinningForm(after, settings),
      isShared: after === undefined,
    })
  }

  socket.on('join:log', (asked: unknown) => logs.join(asked))
  socket.on('leave:log', (asked: unknown) => logs.leave(asked))
  socket.on('disconnect', () => {
    follow?.close()
    logs.close()
  })
  if (settings.isStreaming) begin().catch(refuse)
}

function eventCodec(hasOffset: boolean, settings: DialectSettings): Codec {
  const encode: Wish['encode'] = (line) => JSON.stringify(eventData(line))
  return {
    key: `cantina_event${hasOffset ? ' with offset' : ''}`,
    record: (batch, row) => packetOf(encode(lineOf(batch, row, settings)), hasOffset ? `${batch.id[row]}` : ''),
    records: packetFrames,
    // Without an offset: what it tells of may come before lines that are still to come.
    tell(news) {
      const line = lineOfNews(news, settings)
      return line && packetFrames([packetOf(encode(line), '')])
    },
    showsUnkept: false,
    wantsLogger: true,
  }
}
