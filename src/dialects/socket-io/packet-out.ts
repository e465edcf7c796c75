// Packets on a Socket.IO connection: frames that are encoded once for all clients, and how many bytes of them are still to be taken.
import type { Socket } from 'socket.io'
import { textFrames, textsOfFrames } from '../../wire/websocket-frames.ts'

export interface PacketOut {
  /** Frames as `packetFrames` makes them; `sent` is called when the last has gone out. */
  write(frames: Uint8Array, sent: () => void): void
  /** Infinity for a connection that takes nothing any more. */
  pendingBytes(): number
}

/** Engine.IO's type of packets that are messages. */
const message = '4'
/** Writes that wait in the connection take memory beside their bytes. */
const writeBytes = 100

/** Packets as text, without what belongs to the connection, as one piece of bytes. */
export const packetFrames = (packets: readonly string[]): Buffer =>
  textFrames(packets.map((packet) => message + packet))

/** The option by which Engine.IO takes finished frames, as Socket.IO's own adapter hands them over; its types do not know it. */
const encodedAs = (frames: Uint8Array): object => ({ wsPreEncodedFrame: [frames] })

export function openPacketOut(socket: Socket): PacketOut {
  let pending = 0
  return {
    write(frames, sent) {
      if (!socket.connected || frames.length === 0) return
      const bytes = frames.length + writeBytes
      pending += bytes
      const done = (): void => {
        pending -= bytes
        sent()
      }
      // A WebSocket gets all of it in one write, past Engine.IO's encoder; whoever polls gets packets.
      if (socket.conn.transport.name === 'websocket') return void socket.conn.write('', encodedAs(frames), done)
      const packets = textsOfFrames(frames).map((text) => text.slice(message.length))
      const last = packets.length - 1
      for (const [index, packet] of packets.entries())
        socket.conn.write(packet, undefined, index === last ? done : undefined)
    },
    pendingBytes: () => (socket.connected && socket.conn.readyState === 'open' ? pending : Infinity),
  }
}
