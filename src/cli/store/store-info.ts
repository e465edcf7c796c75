// `logboom store info`: what is stored, in figures.
import { formatAmount, formatCount, formatSize } from '../../text/amounts.ts'
import { formatHold } from '../../contracts/retention.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import type { StoreView } from '../../wire/hub-view.ts'
import { formatDuration } from '../../time/duration.ts'
import { findState, tryHub } from '../hub/find-hub.ts'
import { configOfPlace } from '../config-of-place.ts'
import { findStore } from './find-store.ts'
import { formatRetention } from './format-retention.ts'
import { formatTable } from '../format-table.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { createPaint, wantsColor } from '../terminal-style.ts'

export async function storeInfo(options: PlaceOptions & { json?: boolean }): Promise<void> {
  const hub = await tryHub(await findState(options))
  const view = hub ? await hub.client.store() : await readStore(options)
  const text = options.json ? `${JSON.stringify(view, null, 2)}\n` : formatStore(view, wantsColor(process.stdout))
  process.stdout.write(text)
}

async function readStore(place: PlaceOptions): Promise<StoreView> {
  const { type, options } = await findStore(place)
  const { retention } = await configOfPlace(place)
  const reader = await type.openReader(options)
  try {
    return { ...(await reader.info()), retention }
  } finally {
    await reader.close()
  }
}

export function formatStore(view: StoreView, color: boolean): string {
  const { directory, records, head, bytes, rawBytes, files, days, sources, retention, hold } = view
  const paint = createPaint(color)
  const facts: [name: string, text: string][] = [
    ['Store', directory ?? 'in memory'],
    ['Records', `${formatCount(records)}${head > records ? ` of ${formatCount(head)}` : ''}`],
    ['On disk', `${formatSize(bytes)}${shareOf(bytes, rawBytes)}`],
    ['Files', `${formatAmount(files.days, 'day')}, ${formatAmount(files.tails, 'file')} not sealed yet`],
    ['Captured', days.length > 0 ? `${days[0]!.day} to ${days.at(-1)!.day} (UTC)` : 'nothing yet'],
    ['Kept', formatRetention(retention)],
    ...(hold ? [['Waits', `${formatHold(hold)} (${formatDuration(hold.leftMs)} left)`] as [string, string]] : []),
  ]
  const lines = facts.map(([name, text]) => `${paint('bold', name.padEnd(8))}  ${text}`)
  if (sources.length > 0) {
    const rows = sources.map((each) => [
      escapeTerminal(each.source),
      each.records,
      formatSize(each.bytes),
      formatSize(each.rawBytes),
      each.from,
      each.to,
    ])
    lines.push('', ...formatTable(['SOURCE', 'RECORDS', 'ON DISK', 'RAW', 'FROM', 'TO'], rows, color))
  }
  return `${lines.join('\n')}\n`
}

function shareOf(bytes: number, rawBytes: number): string {
  // A few records cost more than they are.
  if (bytes >= rawBytes) return rawBytes > 0 ? ` for ${formatSize(rawBytes)}` : ''
  return `, ${((bytes / rawBytes) * 100).toFixed(1)} % of ${formatSize(rawBytes)}`
}
