// A way to an engine that breaks whenever it is told to.
import { rmSync } from 'node:fs'
import { createServer, connect, type ListenOptions, type Socket } from 'node:net'
import { once } from 'node:events'

export interface CuttingProxy {
  /** Breaks all connections that there are; gives how many. */
  cut(): number
  close(): Promise<void>
}

/** Listens on one socket, or on a port, and passes everything on to another socket. */
export async function openCuttingProxy(from: string | ListenOptions, to: string): Promise<CuttingProxy> {
  if (typeof from === 'string') rmSync(from, { force: true })
  const pairs = new Set<[Socket, Socket]>()
  const server = createServer((near) => {
    const far = connect(to)
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    near.pipe(far).pipe(near)
    for (const end of pair) {
      end.on('error', () => undefined)
      end.once('close', () => {
        pairs.delete(pair)
        near.destroy()
        far.destroy()
      })
    }
  })
  server.listen(from)
  await once(server, 'listening')
  function cut(): number {
    const count = pairs.size
    for (const pair of pairs) for (const end of pair) end.destroy()
    return count
  }
  return {
    cut,
    async close() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}
