// Socket.IO's namespace `/logs` (SPEC E6): a job's log so far, its lines as they come, and its changes.
import type { Socket } from 'socket.io'
import { openJobLogs, type ServedNamespace } from './job-logs.ts'

export function serveJobLogs(socket: Socket, served: ServedNamespace): void {
  const logs = openJobLogs(socket, { ...served, isInitialGiven: true })
  socket.on('subscribe', (asked: unknown) => logs.join(asked))
  socket.on('unsubscribe', (asked: unknown) => logs.leave(asked))
  socket.on('disconnect', logs.close)
}
