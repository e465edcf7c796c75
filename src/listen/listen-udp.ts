// Syslog over UDP: a datagram is a message. Nobody can make the senders wait, so what is lost is counted: here, where it is
// read faster than it can be stored, and in the kernel, where it is not read fast enough.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { datagramGap } from '../text/gaps.ts'
import { openInbox } from './inbox.ts'
import { readKernelDrops } from './kernel-drops.ts'
import { untilQuiet, type Listener, type ListenOptions } from './listener.ts'
import { plainAddress } from './peers.ts'
import { openSyslogEntries, type SyslogEntries } from './syslog-entries.ts'

/** For bursts; the kernel gives what it allows. */
const kernelBytes = 8 * 1024 * 1024
const limitBytes = 16 * 1024 * 1024
const lookMs = 1000
/** Senders that are remembered at once. */
const mostSenders = 1000

export async function listenUdp(options: ListenOptions): Promise<Listener> {
  const { address, peers, push, refuse, now } = options
  const socket = createSocket({
    type: isIPv6(address.host) ? 'udp6' : 'udp4',
    ipv6Only: false,
    recvBufferSize: kernelBytes,
  })
  const inbox = openInbox({ push, limitBytes, roomy: tellDropped })
  const senders = new Map<string, SyslogEntries | 'refused'>()
  let received = 0
  let dropped = 0
  let seenByKernelLook = 0
  let kernelDrops = 0

  function senderOf(from: string): SyslogEntries | 'refused' {
    let sender = senders.get(from)
    if (sender) return sender
    const peer = plainAddress(from)
    sender = peers.mayCome(peer) ? openSyslogEntries(peer) : 'refused'
    if (sender === 'refused') refuse(peer, 'is not allowed to send')
    if (senders.size >= mostSenders) senders.clear()
    senders.set(from, sender)
    return sender
  }

  function receive(bytes: Buffer, from: string): void {
    received++
    const sender = senderOf(from)
    const message = withoutTrailer(bytes)
    if (sender === 'refused' || message.length === 0) return
    if (!inbox.hasRoom()) return void dropped++
    tellDropped()
    inbox.add(sender.read({ bytes: message }, now()))
  }

  /** Before what comes next, so that it stands where they would. */
  function tellDropped(): void {
    if (dropped === 0) return
    inbox.add(datagramGap('overflow', dropped))
    dropped = 0
  }

  function lookAtKernel(): void {
    if (received === seenByKernelLook) return
    seenByKernelLook = received
    const drops = readKernelDrops(bound) ?? kernelDrops
    if (drops > kernelDrops) inbox.add(datagramGap('kernel', drops - kernelDrops))
    kernelDrops = drops
  }

  socket.on('message', (bytes, { address: from }) => receive(bytes, from))
  socket.bind({ address: address.host, port: address.port, exclusive: true })
  await once(socket, 'listening')
  const { address: host, port } = socket.address()
  const bound = { host, port }
  const failed = new Promise<Error>((resolve) => void socket.on('error', resolve))
  const timer = setInterval(lookAtKernel, lookMs).unref()

  return {
    address: bound,
    failed,
    async close() {
      clearInterval(timer)
      await untilQuiet(() => received, inbox)
      lookAtKernel()
      socket.close()
      tellDropped()
      await inbox.settle()
    },
  }
}

/** Without the newline or NUL with which many senders end a datagram. */
function withoutTrailer(bytes: Buffer): Buffer {
  let end = bytes.length
  if (bytes[end - 1] === 0) end--
  if (bytes[end - 1] === 0x0a) end--
  if (bytes[end - 1] === 0x0d) end--
  return bytes.subarray(0, end)
}
