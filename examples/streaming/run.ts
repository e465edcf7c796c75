// `npm run example streaming`: an application that streams its own system and audit logs to its own page, without a hub.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { getLogStream, setupLogStreaming } from 'logboom-logger'
import { WebSocketServer } from 'ws'
import { startOrchestrator } from './orchestrator.ts'

setupLogStreaming()
const page = readFileSync(path.join(import.meta.dirname, 'page.html'))
const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page))
const monitor = new WebSocketServer({ server, path: '/ws/monitor' })
// Removed when it goes, or when sending fails.
monitor.on('connection', (socket) => getLogStream().addClient(socket))
server.listen(Number(process.env['EXAMPLE_PORT'] ?? 7440), '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  console.log(`System and audit logs: http://127.0.0.1:${port}`)
  startOrchestrator()
})
