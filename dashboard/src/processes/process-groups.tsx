// The cards of the page, group by group; those of no group come first and need no heading.
import type { ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { BulkActions } from './bulk-actions.tsx'
import { ProcessCard } from './process-card.tsx'
import { ScaleButtons } from './scale-buttons.tsx'

interface ProcessGroupsProps {
  /** Sources that are shown. */
  names: readonly string[]
  /** Source → group, of all sources in one. */
  groups: Readonly<Record<string, string>>
  columns: string
  logClass: string
}

export function ProcessGroups({ names, groups, columns, logClass }: ProcessGroupsProps): ReactElement {
  const byGroup = Map.groupBy(names, (name) => groups[name])
  const sorted = [...byGroup].sort(([a], [b]) => Number(a !== undefined) - Number(b !== undefined))
  const membersOf = (group: string): string[] => Object.keys(groups).filter((name) => groups[name] === group)
  return (
    <div className="flex flex-col gap-4">
      {sorted.map(([group, shown]) => (
        <section key={group ?? ''} aria-label={group} data-testid="process-group">
          {group === undefined ? null : <Heading group={group} members={membersOf(group)} />}
          <div className={`grid gap-3 ${columns}`}>
            {shown.map((name) => (
              <ProcessCard key={name} name={name} logClass={logClass} />
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}

function Heading({ group, members }: { group: string; members: readonly string[] }): ReactElement {
  const hub = useHub()
  const [process, ...others] = new Set(members.map((name) => hub.source(name).get()?.instanceOf))
  return (
    <div className="flex h-8 min-w-0 items-center gap-2 pb-1">
      <h2 className="text-xs font-semibold">{group}</h2>
      {process !== undefined && others.length === 0 ? (
        <ScaleButtons name={process} instances={members.length} />
      ) : (
        <span className="text-2xs text-faint tabular-nums">{members.length}</span>
      )}
      {members.some((name) => hub.source(name).get()?.isControllable) ? (
        <BulkActions whom={`all of ${group}`} targets={[`@${group}`]} />
      ) : null}
    </div>
  )
}
