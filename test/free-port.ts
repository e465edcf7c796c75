// A port for what cannot tell which one it took, or must have the same one again. For tests and benchmarks alike.
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/** Free for TCP at this moment, and most likely for UDP. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
