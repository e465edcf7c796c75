// A way to a hub that can be cut: bytes pass both ways until it is told to cut, at once, or in the moment in which the hub has begun to
// answer, so that what was asked for is done and nobody is told.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface CuttingWay {
  url: string
  /** Ends all connections; those that come later pass. */
  cut(): void
  /** Ends each connection when the hub next says something, which is not passed on. */
  cutAtAnswer(): void
  /** How many were cut. */
  cuts(): number
  close(): Promise<void>
}

export async function openCuttingWay(port: () => number): Promise<CuttingWay> {
  const pairs = new Set<{ socket: Socket; onward: Socket; isDoomed: boolean }>()
  let cuts = 0

  const server = createServer((socket) => {
    const onward = connect(port(), '127.0.0.1')
    const pair = { socket, onward, isDoomed: false }
    pairs.add(pair)
    const end = (): void => {
      if (!pairs.delete(pair)) return
      socket.destroy()
      onward.destroy()
    }
    socket.on('data', (data) => onward.write(data))
    onward.on('data', (data) => {
      if (!pair.isDoomed) return void socket.write(data)
      cuts++
      end()
    })
    for (const each of [socket, onward]) each.on('error', end).on('close', end)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      for (const { socket, onward } of pairs) {
        cuts++
        socket.destroy()
        onward.destroy()
      }
      pairs.clear()
    },
    cutAtAnswer() {
      for (const pair of pairs) pair.isDoomed = true
    },
    cuts: () => cuts,
    async close() {
      for (const { socket, onward } of pairs) {
        socket.destroy()
        onward.destroy()
      }
      server.close()
      await once(server, 'close')
    },
  }
}
