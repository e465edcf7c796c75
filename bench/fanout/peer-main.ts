// The servers that are compared with: one that sends each line to each client as a message of its own, over ws or as an event of
// Socket.IO. Lines are made on the spot, which costs next to nothing, when the process is told how many.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { WebSocketServer } from 'ws'
import { lineMessage, pace } from './feed.ts'

const http = createServer()
const send = process.argv[2] === 'ws' ? openPlain() : openSocketIo()

function openPlain(): (n: number) => void {
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })
  return (n) => {
    const text = JSON.stringify(lineMessage(n))
    for (const socket of sockets.clients) socket.send(text)
  }
}

function openSocketIo(): (n: number) => void {
  const io = new Server(http, { serveClient: false, pingInterval: 300_000 })
  return (n) => {
    const { data } = lineMessage(n)
    for (const socket of io.sockets.sockets.values()) socket.emit('cantina_event', data)
  }
}

process.on('message', ({ from, count, perSecond }: { from: number; count: number; perSecond: number }) => {
  void pace({ from, count, perSecond }, (first, lines) => {
    for (let n = first; n < first + lines; n++) send(n)
  })
})
process.on('disconnect', () => process.exit())
http.listen(0, '127.0.0.1', () => process.send!((http.address() as AddressInfo).port))
