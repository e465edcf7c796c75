// The cards of the page, group by group; those of no group come first and need no heading.
import type { ReactElement } from 'react'
import { BulkActions } from './bulk-actions.tsx'
import type { LiveLines } from './live-lines.ts'
import { ProcessCard } from './process-card.tsx'

interface ProcessGroupsProps {
  names: readonly string[]
  groups: Readonly<Record<string, string>>
  live: LiveLines
  columns: string
  logClass: string
}

export function ProcessGroups({ names, groups, live, columns, logClass }: ProcessGroupsProps): ReactElement {
  const byGroup = Map.groupBy(names, (name) => groups[name])
  const sorted = [...byGroup].sort(([a], [b]) => Number(a !== undefined) - Number(b !== undefined))
  return (
    <div className="flex flex-col gap-4">
      {sorted.map(([group, members]) => (
        <section key={group ?? ''} aria-label={group} data-testid="process-group">
          {group === undefined ? null : (
            <div className="flex h-8 min-w-0 items-center gap-2 pb-1">
              <h2 className="text-xs font-semibold">{group}</h2>
              <span className="text-2xs text-faint tabular-nums">{members.length}</span>
              <BulkActions whom={`all of ${group}`} targets={[`@${group}`]} />
            </div>
          )}
          <div className={`grid gap-3 ${columns}`}>
            {members.map((name) => (
              <ProcessCard key={name} name={name} live={live} logClass={logClass} />
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}
