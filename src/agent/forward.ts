// Hands the records of the spool on to the hub, in order, a few messages ahead of what the hub has told to be kept. The hub's word
// decides where to begin, so that nothing is lost and nothing comes twice, whoever was killed.
import { constants, zstdCompressSync } from 'node:zlib'
import type { RemoteSpool } from '../contracts/storage.ts'
import { encodeRecords } from '../wire/agent-messages.ts'

export interface Forwarder {
  /** A connection is there, and the hub has all up to this record. */
  begin(through: number | undefined, send: (message: Uint8Array) => void): void
  /** The connection is gone. */
  end(): void
  /** The hub has kept all up to this one. */
  acknowledged(through: number): void
  /** There may be more to send. */
  wake(): void
  /** The agent's id up to which the hub has everything, as far as is known. */
  through(): number
}

export interface ForwarderOptions {
  spool: Pick<RemoteSpool, 'read' | 'release'>
  /** The agent's last record. */
  head(): number
  /** Of what is sent and not acknowledged, before it is compressed. */
  windowBytes: number
  failed(error: Error): void
}

/** Read from the spool at once. */
const partBytes = 512 * 1024
/** So few are not sent behind others: they wait for the answer, and go with those that come meanwhile. */
const fewRecords = 200
/** How often the spool is told what may go. */
const releaseMs = 200
/** Beyond this the hub's time to unpack costs more than its network. */
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

interface Flight {
  through: number
  bytes: number
}

export function openForwarder({ spool, head, windowBytes, failed }: ForwarderOptions): Forwarder {
  /** State of the connection that is there. */
  let way: { after: number | undefined; sent: number; send(message: Uint8Array): void; flights: Flight[] } | undefined
  let through = 0
  let isPumping = false
  let isWoken = false
  let releasing: NodeJS.Timeout | undefined

  const underWay = (flights: readonly Flight[]): number => flights.reduce((sum, { bytes }) => sum + bytes, 0)

  /** Each message costs both sides the same, however little is in it. */
  function hasRoom({ flights, sent }: { flights: readonly Flight[]; sent: number }): boolean {
    return flights.length === 0 || (head() - sent >= fewRecords && underWay(flights) < windowBytes)
  }

  async function pump(): Promise<void> {
    do {
      isWoken = false
      await sendAll()
    } while (isWoken)
  }

  async function sendAll(): Promise<void> {
    for (let mine = way; mine && hasRoom(mine); mine = way) {
      const part = await spool.read(mine.sent, partBytes)
      if (mine !== way) continue
      if (!part) return
      const { frames, last } = part
      mine.send(encodeRecords({ after: mine.after, through: last, frames: zstdCompressSync(frames, level) }))
      mine.flights.push({ through: last, bytes: frames.length })
      mine.after = mine.sent = last
    }
  }

  function wake(): void {
    isWoken = true
    if (isPumping || !way) return
    isPumping = true
    pump()
      .catch(failed)
      .finally(() => (isPumping = false))
  }

  function release(): void {
    releasing ??= setTimeout(() => {
      releasing = undefined
      spool.release(through).catch(failed)
    }, releaseMs).unref()
  }

  return {
    begin(known, send) {
      through = known ?? 0
      way = { after: known, sent: through, send, flights: [] }
      release()
      wake()
    },
    end() {
      way = undefined
    },
    acknowledged(given) {
      if (!way) return
      through = Math.max(through, given)
      way.flights = way.flights.filter((flight) => flight.through > through)
      release()
      wake()
    },
    wake,
    through: () => through,
  }
}
