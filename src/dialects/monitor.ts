// `/ws/monitor` (SPEC B3, B7): system and audit logs from now on, unless the client asks for more.
import type { Dialect } from '../contracts/dialect.ts'
import { openMonitor } from './open-monitor.ts'

export const monitor: Dialect = {
  name: 'monitor',
  paths: ['/ws/monitor', '/ws/monitor/'],
  about: 'System and audit logs, live',
  open: (client) => openMonitor(client, undefined),
}
