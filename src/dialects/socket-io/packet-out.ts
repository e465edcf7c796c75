// Packets on a Socket.IO connection that are encoded once for all clients, and how many bytes of them are still to be taken.
import type { Socket } from 'socket.io'

export interface PacketOut {
  /** Packets as text, without what belongs to the connection; `sent` is called when the last has gone out. */
  write(packets: readonly string[], sent: () => void): void
  /** Infinity for a connection that takes nothing any more. */
  pendingBytes(): number
}

/** Packets that wait in the connection take memory beside their text. */
const packetBytes = 100

export function openPacketOut(socket: Socket): PacketOut {
  let pending = 0
  return {
    write(packets, sent) {
      if (!socket.connected || packets.length === 0) return
      const bytes = packets.reduce((sum, packet) => sum + packet.length + packetBytes, 0)
      pending += bytes
      const done = (): void => {
        pending -= bytes
        sent()
      }
      const last = packets.length - 1
      for (const [index, packet] of packets.entries())
        socket.conn.write(packet, undefined, index === last ? done : undefined)
    },
    pendingBytes: () => (socket.connected && socket.conn.readyState === 'open' ? pending : Infinity),
  }
}
