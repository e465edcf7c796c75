// What the tests of syslog send, and to whom.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { until, type HubProcess } from '../hub-process.ts'

export async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  // What follows an error is the end.
  socket.on('error', () => undefined)
  return socket
}

/** Starts, and waits until it listens over UDP and TCP. */
export async function startListening(hub: HubProcess): Promise<void> {
  await hub.start()
  await until('the hub to listen', async () =>
    (await hub.client.sources()).some(({ detail }) => detail?.match(/listens on/g)?.length === 2),
  )
}

/** As the number oracle knows it. */
export function numberedMessage(prefix: string, n: number): string {
  return `<14>Oct 19 05:55:47 host app[12]: ${prefix} n=${n} order ${n * 7} of basket ${n % 97}`
}
