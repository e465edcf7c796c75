// The form of a new token: what it may, where, and for how long.
import { useState, type FormEvent, type ReactElement } from 'react'
import { usualKinds } from '../../../src/contracts/access.ts'
import type { Action } from '../../../src/contracts/caller.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { Button } from '../ui/button.tsx'
import { CheckBoxes } from '../ui/fields/check-boxes.tsx'
import { Choice } from '../ui/fields/choice.tsx'
import { Failure } from '../ui/failure.tsx'
import { TextField } from '../ui/fields/text-field.tsx'
import { GrantFields, grantsOf, type TypedGrants } from './grants.tsx'

interface TokenFormProps {
  onMade(made: { name: string; token: string }): Promise<void>
  onCancel(): void
}

const actionChoices: readonly (readonly [Action, string])[] = [
  ['send', 'hands in records and jobs'],
  ['forward', 'hands in what a host says, HOST/* alone'],
  ['read', 'searches and follows'],
  ['control', 'starts and stops'],
  ['administer', 'users, tokens, the store'],
]
const lifetimes: readonly [lifetime: string, text: string][] = [
  ['1d', 'in a day'],
  ['7d', 'in 7 days'],
  ['30d', 'in 30 days'],
  ['90d', 'in 90 days'],
  ['365d', 'in a year'],
  ['never', 'never'],
]

export function TokenForm({ onMade, onCancel }: TokenFormProps): ReactElement {
  const { client } = useHub()
  const [name, setName] = useState('')
  const [actions, setActions] = useState<Action[]>(['send'])
  const [grants, setGrants] = useState<TypedGrants>({ sources: '*', kinds: [...usualKinds], ownJobs: false })
  const [lifetime, setLifetime] = useState('90d')
  const action = useAction()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const { sources, kinds } = grantsOf(grants)
    const expiry = lifetime === 'never' ? {} : { lifetime }
    action.run(async () => {
      const { token } = await client.addToken({ name: name.trim(), actions, sources, kinds, ...expiry })
      await onMade({ name: name.trim(), token })
    })
  }
  return (
    <form
      aria-label="New token"
      className="flex flex-col gap-3 border-t border-line bg-sunken px-3 py-3 sm:px-4"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel()
      }}
    >
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_auto]">
        <TextField label="Name" hint="Of the program that has it" value={name} onChange={setName} required autoFocus />
        <span className="flex flex-col items-start gap-1">
          <span className="font-medium text-soft">Expires</span>
          <Choice label="Expires" testId="lifetime" value={lifetime} choices={lifetimes} onChange={setLifetime} />
        </span>
      </div>
      <CheckBoxes label="May" choices={actionChoices} values={actions} onChange={setActions} />
      <GrantFields value={grants} onChange={setGrants} hasOwnJobs={false} hasKinds={actions.includes('read')} />
      <Failure error={action.error} />
      <div className="flex gap-2">
        <Button type="submit" look="filled" pending={action.pending} disabled={actions.length === 0}>
          Make token
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  )
}
