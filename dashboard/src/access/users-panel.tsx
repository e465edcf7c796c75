// The users of the hub; where there are none, what that means and how to add the first one.
import { Plus, ShieldAlert } from 'lucide-react'
import { useState, type ReactElement } from 'react'
import type { UserView } from '../../../src/contracts/access.ts'
import { Button } from '../ui/button.tsx'
import { Panel } from '../ui/panel.tsx'
import { SearchField } from '../ui/fields/search-field.tsx'
import { UserForm } from './user-form.tsx'
import { userColumns, UserRow } from './user-row.tsx'

interface UsersPanelProps {
  users: UserView[]
  /** Name of the user at the page. */
  me: string | undefined
  reload(): Promise<void>
}

/** From so many on one is looked for. */
const manyUsers = 8

export function UsersPanel({ users, me, reload }: UsersPanelProps): ReactElement {
  const [isAdding, setIsAdding] = useState(false)
  const [text, setText] = useState('')
  if (users.length === 0) return <FirstUser reload={reload} />
  const shown = users.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
  const admins = users.filter(({ role }) => role === 'admin').length
  return (
    <Panel
      title="Users"
      testId="users"
      about={users.length}
      action={
        <>
          {users.length >= manyUsers ? (
            <SearchField value={text} onChange={setText} label="Find" className="w-36" />
          ) : null}
          <Button look="outline" aria-expanded={isAdding} onClick={() => setIsAdding(!isAdding)}>
            <Plus aria-hidden />
            Add user
          </Button>
        </>
      }
    >
      {isAdding ? (
        <UserForm
          onCancel={() => setIsAdding(false)}
          onDone={async () => {
            await reload()
            setIsAdding(false)
          }}
        />
      ) : null}
      <div className={`${userColumns} h-[26px] border-t border-line text-2xs font-medium text-soft max-sm:hidden`}>
        <span />
        <span>Name</span>
        <span>Role</span>
        <span>Grants, by source pattern</span>
        <span>Sessions</span>
      </div>
      {shown.map((user) => (
        <UserRow
          key={user.name}
          user={user}
          isMe={user.name === me}
          isLastAdmin={user.role === 'admin' && admins === 1}
          reload={reload}
        />
      ))}
      {shown.length === 0 ? (
        <p className="border-t border-line px-4 py-6 text-center text-soft">Nobody is called that</p>
      ) : null}
    </Panel>
  )
}

function FirstUser({ reload }: { reload(): Promise<void> }): ReactElement {
  return (
    <Panel title="Users" testId="first-user" about="none yet">
      <div className="flex gap-3 border-t border-line px-3 py-3 sm:px-4">
        <ShieldAlert className="size-4 shrink-0 text-soft" aria-hidden />
        <div className="flex flex-col gap-1">
          <p className="font-medium">Nobody needs to sign in</p>
          <p className="text-soft">
            Whoever may run programs on this machine sees and does everything; other machines do not get in. With the
            first user, an admin, that ends: everybody signs in, you at this page, too. On the command line it is{' '}
            <code className="rounded bg-active px-1 font-mono text-2xs text-text">logboom user add NAME</code>
          </p>
        </div>
      </div>
      <UserForm isFirst onDone={reload} />
    </Panel>
  )
}
