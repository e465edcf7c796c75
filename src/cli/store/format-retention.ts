// Rules of retention in words.
import { formatSize } from '../../text/amounts.ts'
import type { Limit, Retention } from '../../contracts/retention.ts'
import { formatDuration } from '../../time/duration.ts'

/** `30d, at most 10.0 GB; api*: 7d` */
export function formatRetention({ sources, ...general }: Retention): string {
  const own = sources.map(({ pattern, ...limit }) => `${pattern}: ${formatLimit(limit)}`)
  return [formatLimit(general), ...own].join('; ')
}

function formatLimit({ ageMs, bytes }: Partial<Limit>): string {
  const parts = [
    typeof ageMs === 'number' ? formatDuration(ageMs) : ageMs === false && bytes ? 'however old' : undefined,
    typeof bytes === 'number' ? `at most ${formatSize(bytes)}` : undefined,
  ].filter((part) => part !== undefined)
  return parts.join(', ') || 'everything'
}
