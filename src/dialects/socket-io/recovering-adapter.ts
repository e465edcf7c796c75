// Socket.IO's connection state recovery by cursor: nothing is kept for those who went away, and whoever comes back says with its offset
// how far it has read. So it works over a restart of the hub, too.
import { randomUUID } from 'node:crypto'
import { Server } from 'socket.io'

export type AdapterClass = NonNullable<ConstructorParameters<typeof Server>[1]>['adapter'] & object

/** The adapter of a server that recovers nothing, which adds no offsets of its own and keeps no packets, with recovery by cursor. */
export function recoveringAdapter(): AdapterClass {
  const base = new Server({ serveClient: false }).adapter() as unknown as new (namespace: unknown) => object
  class RecoveringAdapter extends base {
    persistSession(): void {
      // A cursor is all that is needed, and the client has it.
    }

    restoreSession(pid: string, offset: string): Promise<object | null> {
      if (!/^\d{1,16}$/.test(offset)) return Promise.resolve(null)
      const session = { sid: randomUUID(), pid, rooms: [], data: { after: Number(offset) }, missedPackets: [] }
      return Promise.resolve(session)
    }
  }
  return RecoveringAdapter as unknown as AdapterClass
}
