// Grants as chips to read and as fields to change.
import type { ReactElement, ReactNode } from 'react'
import { usualKinds } from '../../../src/contracts/access.ts'
import type { Grants } from '../../../src/contracts/caller.ts'
import { kinds, type Kind } from '../../../src/contracts/record.ts'
import { CheckBoxes } from '../ui/fields/check-boxes.tsx'
import { TextField } from '../ui/fields/text-field.tsx'

/** A pattern of sources, and what is granted there. */
export function Chip({ pattern, children }: { pattern: string; children?: ReactNode }): ReactElement {
  return (
    <span className="inline-flex h-[22px] max-w-full items-stretch overflow-hidden rounded-[5px] border border-line-strong leading-5">
      <code className="truncate px-1.5 font-mono">{pattern}</code>
      {children === undefined ? null : (
        <span className="shrink-0 border-l border-line-strong bg-sunken px-1.5 text-2xs leading-5 text-soft">
          {children}
        </span>
      )}
    </span>
  )
}

export function GrantChips({ grants, verbs }: { grants: Grants; verbs: string }): ReactElement {
  const isNothing = grants.sources.length === 0 && !grants.ownJobs
  const special = grants.kinds.filter((kind) => !usualKinds.includes(kind))
  const missing = usualKinds.filter((kind) => !grants.kinds.includes(kind))
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-1.5">
      {grants.sources.map((pattern) => (
        <Chip key={pattern} pattern={pattern}>
          {verbs}
        </Chip>
      ))}
      {grants.ownJobs ? <Chip pattern="own jobs">their runs</Chip> : null}
      {isNothing ? <span className="text-soft">nothing until a source is granted</span> : null}
      {special.length > 0 ? <span className="text-soft">and {special.join(', ')}</span> : null}
      {missing.length > 0 ? <span className="text-soft">but no {missing.join(', ')}</span> : null}
    </span>
  )
}

const kindMeanings: Readonly<Record<Kind, string>> = {
  system: 'what is printed',
  audit: 'who did what',
  event: 'starts and ends',
  gap: 'what is missing',
}
const kindChoices: readonly (readonly [Kind, string])[] = kinds.map((kind): readonly [Kind, string] => [
  kind,
  kindMeanings[kind],
])

/** As it is being typed. */
export interface TypedGrants extends Omit<Grants, 'sources'> {
  sources: string
}

export function typedGrants({ sources, kinds: seen, ownJobs }: Grants): TypedGrants {
  return { sources: sources.join(', '), kinds: seen, ownJobs }
}

export function grantsOf({ sources, ...rest }: TypedGrants): Grants {
  return { ...rest, sources: sources.split(/[\s,]+/).filter(Boolean) }
}

interface GrantFieldsProps {
  value: TypedGrants
  onChange(value: TypedGrants): void
  /** A token has no jobs of its own. */
  hasOwnJobs: boolean
  /** Kinds are for readers: a token that only sends sees none. */
  hasKinds: boolean
}

export function GrantFields({ value, onChange, hasOwnJobs, hasKinds }: GrantFieldsProps): ReactElement {
  return (
    <>
      <TextField
        label="Sources"
        hint="Names, with * for any characters, and commas between them; * alone: all"
        value={value.sources}
        className="[&_input]:font-mono"
        onChange={(sources) => onChange({ ...value, sources })}
      />
      {hasKinds ? (
        <CheckBoxes
          label="Kinds of records"
          choices={kindChoices}
          values={value.kinds}
          onChange={(next) => onChange({ ...value, kinds: next })}
        />
      ) : null}
      {hasOwnJobs ? (
        <CheckBoxes
          label="Jobs"
          choices={[['own jobs', 'the runs that were registered for this user, whatever their source']]}
          values={value.ownJobs ? ['own jobs'] : []}
          onChange={(next) => onChange({ ...value, ownJobs: next.length > 0 })}
        />
      ) : null}
    </>
  )
}
