// A user in the table: role, grants, sessions, and what an admin can do about them, asked for and told in place.
import { Ellipsis, KeyRound, LogOut, Pencil, Trash2, type LucideIcon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState, type ReactElement } from 'react'
import type { UserView } from '../../../src/contracts/access.ts'
import { formatDuration } from '../../../src/time/duration.ts'
import { useHub } from '../hub/hub-context.tsx'
import { hubUrl } from '../hub/place.ts'
import { useAction, type AskedAction } from '../hub/use-action.ts'
import { Button } from '../ui/button.tsx'
import { Failure } from '../ui/failure.tsx'
import { GrantChips } from './grants.tsx'
import { QuestionRow, SecretRow } from './notice-row.tsx'
import { UserForm } from './user-form.tsx'

interface UserRowProps {
  user: UserView
  isMe: boolean
  isLastAdmin: boolean
  reload(): Promise<void>
}

type Mode = { is: 'shown' | 'changed' | 'removed' | 'signedOut' } | { is: 'linked'; url: string; lifetimeMs: number }

const verbs = { viewer: 'read', operator: 'read, start, stop', admin: '' }
export const userColumns =
  'grid grid-cols-[24px_minmax(0,1fr)_auto_28px] items-center gap-x-3 px-3 sm:grid-cols-[24px_minmax(0,132px)_72px_minmax(0,1fr)_112px_28px] sm:px-4 sm:pr-2'

export function UserRow({ user, isMe, isLastAdmin, reload }: UserRowProps): ReactElement {
  const { client } = useHub()
  const { name } = user
  const [mode, setMode] = useState<Mode>({ is: 'shown' })
  const action = useAction()
  const show = (): void => setMode({ is: 'shown' })
  const after = (work: () => Promise<unknown>) => (): void =>
    action.run(async () => {
      await work()
      await reload()
      show()
    })
  const link = (): void =>
    action.run(async () => {
      const { url, lifetimeMs } = await client.addLink(name)
      // The hub knows no address of its own but one; the page knows how it is reached.
      setMode({ is: 'linked', url: new URL(`sign-in${new URL(url).hash}`, hubUrl).href, lifetimeMs })
    })
  if (mode.is === 'removed' || mode.is === 'signedOut')
    return <UserQuestion is={mode.is} action={action} onKeep={show} after={after} {...{ user, isMe, isLastAdmin }} />
  return (
    <>
      <div data-testid="user-row" data-user={name} className={`${userColumns} min-h-11 border-t border-line py-1.5`}>
        <Avatar name={name} />
        <span className="min-w-0 leading-4">
          <span className="block truncate">
            <span className="font-medium">{name}</span> {isMe ? <span className="text-soft">you</span> : null}
          </span>
          <span className="block truncate text-2xs text-soft">
            {user.hasPassword ? `since ${formatDay(user.createdAt)}` : 'by links alone'}
          </span>
        </span>
        <span className="font-medium capitalize">{user.role}</span>
        <span className="min-w-0 max-sm:order-last max-sm:col-span-full max-sm:pt-1.5 max-sm:pl-9">
          {user.role === 'admin' ? (
            <span className="text-soft">everything</span>
          ) : (
            <GrantChips grants={user} verbs={verbs[user.role]} />
          )}
        </span>
        <span className="flex items-center gap-1.5 tabular-nums max-sm:hidden">
          {user.sessions > 0 ? <span className="size-[7px] shrink-0 rounded-full bg-good" aria-hidden /> : null}
          <span className={user.sessions > 0 ? '' : 'text-soft'}>
            {user.sessions === 0 ? 'signed out' : `${user.sessions} session${user.sessions === 1 ? '' : 's'}`}
          </span>
        </span>
        <UserMenu
          name={name}
          pending={action.pending}
          items={[
            ['Change…', Pencil, () => setMode({ is: 'changed' })],
            ['Link that signs in once', KeyRound, link],
            ['Sign out everywhere…', LogOut, () => setMode({ is: 'signedOut' })],
            ['Remove…', Trash2, () => setMode({ is: 'removed' })],
          ]}
        />
        {action.error ? (
          <span className="col-span-full pt-1">
            <Failure error={action.error} />
          </span>
        ) : null}
      </div>
      {mode.is === 'changed' ? (
        <UserForm
          user={user}
          onCancel={show}
          onDone={async () => {
            await reload()
            show()
          }}
        />
      ) : null}
      {mode.is === 'linked' ? (
        <SecretRow
          title={`A link for ${name}.`}
          about={`Copy it now: it is not shown again. It signs in once, within ${formatDuration(mode.lifetimeMs)}.`}
          secret={mode.url}
          onDone={show}
        />
      ) : null}
    </>
  )
}

interface UserQuestionProps extends Omit<UserRowProps, 'reload'> {
  is: 'removed' | 'signedOut'
  action: AskedAction
  onKeep(): void
  /** Does it, and shows what came of it. */
  after(work: () => Promise<unknown>): () => void
}

function UserQuestion(props: UserQuestionProps): ReactElement {
  const { user, isMe, isLastAdmin, is, action, onKeep, after } = props
  const { client } = useHub()
  const { name } = user
  if (is === 'signedOut')
    return (
      <QuestionRow
        title={`Sign ${name} out everywhere?`}
        about={`All sessions end at once${isMe ? ', this one, too' : ''}; links that were not used yet are void.`}
        deed="Sign out everywhere"
        action={action}
        onKeep={onKeep}
        onDo={after(() => client.endSessions(name))}
      />
    )
  return (
    <QuestionRow
      title={`Remove ${name}?`}
      about={
        isLastAdmin
          ? 'The last admin: afterwards only commands on the hub’s machine can add another one.'
          : 'All sessions and streams of this user end at once. This cannot be taken back.'
      }
      deed={`Remove ${name}`}
      action={action}
      onKeep={onKeep}
      onDo={after(() => client.removeUser(name))}
    />
  )
}

type MenuItem = [text: string, icon: LucideIcon, run: () => void]

function UserMenu({ name, pending, items }: { name: string; pending: boolean; items: MenuItem[] }): ReactElement {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button icon aria-label={`Do something about ${name}`} pending={pending}>
          <Ellipsis aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-50 min-w-48 rounded-lg border border-line-strong bg-raised p-1 text-xs shadow-float"
          // The row of the chosen item takes the focus itself.
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          {items.map(([text, Icon, run]) => (
            <DropdownMenu.Item
              key={text}
              className="flex h-7 items-center gap-2 rounded-md px-2 outline-none data-highlighted:bg-active"
              onSelect={run}
            >
              <Icon className="size-3.5 text-soft" aria-hidden />
              {text}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function Avatar({ name }: { name: string }): ReactElement {
  return (
    <span
      aria-hidden
      className="grid size-6 place-items-center rounded-full bg-active text-2xs font-semibold tracking-wide uppercase"
    >
      {name.slice(0, 2)}
    </span>
  )
}

const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

export function formatDay(time: number): string {
  return days.format(time)
}
