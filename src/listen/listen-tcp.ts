// Syslog over TCP: a connection is a stream of messages of its own, whatever happens to the others. While the store cannot
// take more, nothing is read, and the senders wait.
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { isLoopback } from '../system/loopback.ts'
import { openFilesLimit } from '../system/open-files.ts'
import { openSyslogFrames, type SyslogFrame } from '../syslog/syslog-frames.ts'
import { cutOffGap } from '../text/gaps.ts'
import { openInbox } from './inbox.ts'
import { untilQuiet, type Listener, type ListenOptions } from './listener.ts'
import { plainAddress } from './peers.ts'
import { openSyslogEntries } from './syslog-entries.ts'

/** A longer message comes in parts. Every connection may hold one that is not whole. */
const mostMessageBytes = 256 * 1024
/** And a quarter of the files that may be open: others are needed for what is captured. */
const mostConnections = 1000
const limitBytes = 1024 * 1024
const keepAliveMs = 60_000

export async function listenTcp(options: ListenOptions): Promise<Listener> {
  const { address, peers, push, refuse, now } = options
  const connections = new Map<Socket, Promise<unknown>>()
  const inbox = openInbox({
    push,
    limitBytes,
    roomy() {
      for (const socket of connections.keys()) socket.resume()
    },
  })
  let received = 0

  function serve(socket: Socket): void {
    // A connection that was reset before it was accepted has no address any more, but its bytes are still there.
    const unknown = isLoopback(address.host) ? address.host : 'somebody'
    const peer = plainAddress(socket.remoteAddress ?? unknown)
    if (!peers.mayCome(peer)) {
      refuse(peer, 'is not allowed to send')
      return void socket.destroy()
    }
    const frames = openSyslogFrames(mostMessageBytes)
    const entries = openSyslogEntries(peer)
    let isFirst = true
    let isRefused = false

    function takeAll(all: SyslogFrame[]): void {
      for (const frame of all) {
        const stranger = isFirst ? strangerOf(frame.bytes) : undefined
        isFirst = false
        if (stranger) {
          isRefused = true
          refuse(peer, stranger)
          return void socket.destroy()
        }
        inbox.add(entries.read(frame, now()))
        if (frame.missingBytes) inbox.add(cutOffGap(frame.missingBytes, peer))
      }
    }

    /** A paused socket that is reset still holds what it read from the kernel, and would drop it. */
    function takeRest(): void {
      for (let rest: Buffer | null; (rest = socket.read() as Buffer | null);) takeAll(frames.take(rest))
      if (!isRefused) takeAll(frames.end())
    }

    socket.setKeepAlive(true, keepAliveMs)
    socket.on('data', (chunk: Buffer) => {
      received++
      takeAll(frames.take(chunk))
      if (!inbox.hasRoom()) pauseAll()
    })
    // A connection that breaks is over, like one that ends.
    socket.on('error', () => undefined)
    const closed = new Promise<void>((resolve) => {
      socket.on('close', () => {
        if (!isRefused) takeRest()
        connections.delete(socket)
        resolve()
      })
    })
    connections.set(socket, closed)
    if (!inbox.hasRoom()) socket.pause()
  }

  /** Each would bring another window of messages first, and there may be a thousand of them. */
  function pauseAll(): void {
    for (const socket of connections.keys()) socket.pause()
  }

  const server = createServer({ noDelay: true }, serve)
  server.maxConnections = Math.max(1, Math.min(mostConnections, Math.floor(openFilesLimit() / 4)))
  server.on('drop', (dropped) =>
    refuse(plainAddress(dropped?.remoteAddress ?? 'somebody'), `finds ${server.maxConnections} connections already`),
  )
  server.listen({ host: address.host, port: address.port, exclusive: true })
  await once(server, 'listening')
  const failed = new Promise<Error>((resolve) => void server.on('error', resolve))

  return {
    address: { host: address.host, port: (server.address() as AddressInfo).port },
    failed,
    detail: () => (connections.size > 0 ? `${connections.size} connected` : undefined),
    async close() {
      server.close()
      for (const socket of connections.keys()) socket.end()
      await untilQuiet(() => received, inbox)
      for (const socket of connections.keys()) socket.destroy()
      await Promise.all(connections.values())
      await inbox.settle()
    },
  }
}

/**
 * Signs in a first message that its sender does not mean us. A page in a browser can make it send to any port of this
 * machine, and must not write into a log.
 */
function strangerOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 2000)).toString('latin1')
  if (/^[A-Z]+ \S+ HTTP\/\d/.test(head)) return 'speaks HTTP'
  return head.startsWith('\x16\x03') ? 'speaks TLS' : undefined
}
