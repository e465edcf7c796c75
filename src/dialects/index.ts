// The dialects that are WebSockets of their own; a new one is its file and its line here. Socket.IO, which is a protocol below
// them, lies in socket-io/.
import type { Dialect } from '../contracts/dialect.ts'
import { events } from './events.ts'
import { logStream } from './log-stream.ts'
import { logs } from './logs.ts'
import { monitor } from './monitor.ts'

export const dialects: readonly Dialect[] = [logStream, monitor, logs, events]
