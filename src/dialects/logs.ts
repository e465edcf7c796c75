// `/ws/logs` (SPEC B3): as `/ws/monitor`, but the last lines of each type come first, which the original's frontend expects.
import type { Dialect } from '../contracts/dialect.ts'
import { openMonitor } from './open-monitor.ts'

export const logs: Dialect = {
  name: 'logs',
  paths: ['/ws/logs', '/ws/logs/'],
  about: 'System and audit logs: the last 100 of each, then live',
  open: (client) => openMonitor(client, { count: 100, of: 'type' }),
}
