// The page of the person who asks: who I am, what I may see and do, and what is hidden; my password; the ways out.
import { Link } from '@tanstack/react-router'
import { LogOut } from 'lucide-react'
import { useEffect, type ReactElement, type ReactNode } from 'react'
import type { CallerView } from '../../../src/client/index.ts'
import { kinds } from '../../../src/contracts/record.ts'
import { useHub } from '../hub/hub-context.tsx'
import { signOut } from '../hub/sign-in.ts'
import { useStore } from '../hub/store.ts'
import { useAction } from '../hub/use-action.ts'
import { Button } from '../ui/button.tsx'
import { Failure } from '../ui/failure.tsx'
import { Panel } from '../ui/panel.tsx'
import { Chip } from './grants.tsx'
import { PasswordPanel } from './password-panel.tsx'

export function AccountPage(): ReactElement | null {
  const me = useStore(useHub().me)
  useEffect(() => {
    document.title = 'Account · Logboom'
  }, [])
  if (!me) return null
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-[640px] flex-col gap-3.5 px-3 py-3.5 sm:px-5">
        <h1 className="text-sm font-semibold">{me.kind === 'local' ? 'This machine' : me.name}</h1>
        <Rights me={me} />
        {me.kind === 'user' ? (
          <>
            <PasswordPanel hasPassword={me.hasPassword ?? false} />
            <WaysOut />
          </>
        ) : null}
      </div>
    </div>
  )
}

const actionMeanings = {
  read: 'read',
  send: 'hand in records',
  forward: 'hand in what the sources of a host say',
  control: 'start, stop and scale',
  administer: 'administer',
}

function Rights({ me }: { me: CallerView }): ReactElement {
  const isAll = me.within === ''
  return (
    <Panel title="What you may" testId="rights" about={me.kind === 'local' ? undefined : me.role}>
      <dl className="grid grid-cols-[72px_minmax(0,1fr)] gap-x-3 gap-y-2 border-t border-line px-3 py-3 sm:px-4">
        {me.kind === 'local' ? (
          <Fact name="Sign-in">
            Nobody needs to: this hub has no users.{' '}
            <Link to="/access" className="text-accent hover:underline">
              Add the first one
            </Link>
          </Fact>
        ) : null}
        <Fact name="Do">
          {me.actions.map((action) => actionMeanings[action]).join(', ') || 'nothing'}
          {me.kind === 'user' && me.actions.includes('administer') ? (
            <>
              :{' '}
              <Link to="/access" className="text-accent hover:underline">
                users and tokens
              </Link>
            </>
          ) : null}
        </Fact>
        <Fact name="Sources">{isAll ? 'all' : <Patterns patterns={me.sources} ownJobs={me.ownJobs} />}</Fact>
        <Fact name="Kinds">{isAll ? kinds.join(', ') : me.kinds.join(', ') || 'none'}</Fact>
        <Fact name="Hidden">{isAll ? 'nothing' : <Hidden me={me} />}</Fact>
      </dl>
    </Panel>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <>
      <dt className="leading-[22px] font-medium text-soft">{name}</dt>
      <dd className="min-w-0 leading-[22px]">{children}</dd>
    </>
  )
}

function Patterns({ patterns, ownJobs }: { patterns: readonly string[]; ownJobs: boolean }): ReactElement {
  if (patterns.length === 0 && !ownJobs) return <>none</>
  return (
    <span className="flex flex-wrap gap-1.5">
      {patterns.map((pattern) => (
        <Chip key={pattern} pattern={pattern} />
      ))}
      {ownJobs ? <Chip pattern="own jobs">their runs</Chip> : null}
    </span>
  )
}

/** How much there is of it is hidden, too. */
function Hidden({ me }: { me: CallerView }): ReactElement {
  const hiddenKinds = kinds.filter((kind) => !me.kinds.includes(kind))
  const parts = [
    ...(me.sources.includes('*') ? [] : ['every other source']),
    ...(hiddenKinds.length > 0 ? [`records of the kind ${hiddenKinds.join(', ')}`] : []),
  ]
  return (
    <>
      {parts.join(' and ')}: not granted to you, so left out of lists, counts, searches and streams. An admin can grant
      it: <code className="rounded bg-active px-1 font-mono text-2xs">logboom user grant {me.name}</code>
    </>
  )
}

function WaysOut(): ReactElement {
  const { client } = useHub()
  const action = useAction()
  const leave = (everywhere: boolean) => (): void => action.run(() => signOut(client, everywhere))
  return (
    <Panel title="Sign out" about="">
      <div className="flex flex-col gap-2 border-t border-line px-3 py-3 sm:px-4">
        <div className="flex flex-wrap gap-2">
          <Button look="outline" onClick={leave(false)}>
            <LogOut aria-hidden />
            Sign out
          </Button>
          <Button look="outline" onClick={leave(true)}>
            Sign out everywhere
          </Button>
        </div>
        <p className="text-soft">Everywhere: on all devices, and links that were not used yet are void.</p>
        <Failure error={action.error} />
      </div>
    </Panel>
  )
}
