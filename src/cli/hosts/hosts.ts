// `logboom hosts`: other hosts and their agents, as a table.
import type { HostView } from '../../contracts/hosts/host.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import { formatSize } from '../../text/amounts.ts'
import { formatDuration } from '../../time/duration.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { formatTable } from '../format-table.ts'
import { findHub } from '../hub/find-hub.ts'
import { wantsColor } from '../terminal-style.ts'

export async function hosts(options: PlaceOptions & { json?: boolean }): Promise<void> {
  const { client } = await findHub(options)
  const list = await client.hosts()
  if (options.json) return console.log(JSON.stringify(list, null, 2))
  if (list.length === 0)
    return console.log('No agent has come yet. On another host: logboom agent --hub URL --token TOKEN')
  const rows = list.map((host) => cells(host, Date.now()))
  const head = ['HOST', 'STATE', 'VERSION', 'SOURCES', 'BEHIND', 'SPOOL', 'HEARD', 'ADDRESS']
  console.log(formatTable(head, rows, wantsColor(process.stdout)).join('\n'))
  for (const { name, trouble } of list) for (const text of trouble) console.log(`⚠ ${name}: ${escapeTerminal(text)}`)
}

function cells(host: HostView, now: number): string[] {
  const { name, connected, version, sources, lag, lagMs, spoolBytes, spoolLimitBytes, lastSeenAt, address } = host
  return [
    name,
    connected ? 'connected' : 'away',
    escapeTerminal(version),
    String(sources),
    lag === 0 ? '-' : `${lag} records, ${formatDuration(lagMs)}`,
    `${formatSize(spoolBytes)} of ${formatSize(spoolLimitBytes)}`,
    connected ? 'now' : `${formatDuration(now - lastSeenAt)} ago`,
    address,
  ]
}
