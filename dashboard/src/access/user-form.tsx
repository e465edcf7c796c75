// The form of a user, new or there already: name, role, grants, password.
import { useState, type FormEvent, type ReactElement } from 'react'
import { usualKinds, type UserView } from '../../../src/contracts/access.ts'
import { roles, type Role } from '../../../src/contracts/caller.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/fields/choice.tsx'
import { Failure } from '../ui/failure.tsx'
import { TextField } from '../ui/fields/text-field.tsx'
import { GrantFields, grantsOf, typedGrants } from './grants.tsx'

interface UserFormProps {
  /** Absent: a new one. */
  user?: UserView
  /** The first is an admin, and needs a password: nobody could make a link. */
  isFirst?: boolean
  onDone(): Promise<void> | void
  /** Absent where there is nothing else to do. */
  onCancel?: (() => void) | undefined
}

const unlimited = { sources: ['*'], kinds: [...usualKinds], ownJobs: false }

export function UserForm({ user, isFirst = false, onDone, onCancel }: UserFormProps): ReactElement {
  const { client } = useHub()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>(user?.role ?? (isFirst ? 'admin' : 'viewer'))
  const [grants, setGrants] = useState(typedGrants(user ?? unlimited))
  const [password, setPassword] = useState('')
  const action = useAction()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const request = {
      name: user?.name ?? name.trim(),
      role,
      ...(role === 'admin' ? {} : grantsOf(grants)),
      ...(password === '' ? {} : { password }),
    }
    action.run(async () => {
      await (user ? client.changeUser(request) : client.addUser(request))
      await onDone()
    })
  }
  return (
    <form
      aria-label={user ? `Change ${user.name}` : 'New user'}
      className="flex flex-col gap-3 border-t border-line bg-sunken px-3 py-3 sm:px-4"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel?.()
      }}
    >
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
        {user ? null : (
          <TextField label="Name" value={name} onChange={setName} required autoFocus={!isFirst} name="new-user" />
        )}
        <TextField
          label={user ? 'New password' : 'Password'}
          hint={hintOf(user, isFirst)}
          type="password"
          name="new-password"
          autoComplete="new-password"
          value={password}
          required={isFirst}
          minLength={8}
          onChange={setPassword}
        />
        {isFirst ? null : (
          <span className="flex flex-col items-start gap-1">
            <span className="font-medium text-soft">Role</span>
            <Choice
              label="Role"
              testId="role"
              value={role}
              choices={roles.map((each) => [each, each])}
              onChange={(next) => setRole(next as Role)}
            />
          </span>
        )}
      </div>
      {role === 'admin' ? (
        <p className="text-soft">An admin sees everything, and may do everything here.</p>
      ) : (
        <GrantFields value={grants} onChange={setGrants} hasOwnJobs hasKinds />
      )}
      <Failure error={action.error} />
      <div className="flex gap-2">
        <Button type="submit" look="filled" pending={action.pending}>
          {user ? 'Save' : isFirst ? 'Add the first user' : 'Add user'}
        </Button>
        {onCancel ? <Button onClick={onCancel}>Cancel</Button> : null}
      </div>
    </form>
  )
}

function hintOf(user: UserView | undefined, isFirst: boolean): string {
  if (isFirst) return 'At least 8 characters'
  return user
    ? 'Empty: as it is. A new one ends all sessions.'
    : 'At least 8 characters. Empty: signs in by links alone.'
}
