// Finished frames on a WebSocket's connection, past ws, in one write each. Most writes end at once, since the system has room for them:
// only of the others somebody has to be told when they are through.
import type { ServedSocket } from './served-socket.ts'

/** `taken` is called when bytes that had to wait have gone out. */
export function openFrameWriter(
  { socket, raw, alive }: Pick<ServedSocket, 'socket' | 'raw' | 'alive'>,
  taken: () => void,
): (frames: Uint8Array) => void {
  function through(): void {
    alive()
    taken()
  }

  return (frames) => {
    if (socket.readyState !== socket.OPEN) return
    raw.write(frames)
    // Goes out behind them.
    if (raw.writableLength > 0) raw.write(nothing, through)
  }
}

const nothing = Buffer.alloc(0)
