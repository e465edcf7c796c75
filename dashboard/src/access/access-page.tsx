// The page of users, grants and tokens, for admins; others are told that it is for them alone.
import { Lock } from 'lucide-react'
import { useEffect, type ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { useMay } from '../hub/use-may.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Failure } from '../ui/failure.tsx'
import { Panel } from '../ui/panel.tsx'
import { TokensPanel } from './tokens-panel.tsx'
import { useAccounts } from './use-accounts.ts'
import { UsersPanel } from './users-panel.tsx'

export function AccessPage(): ReactElement | null {
  const { me: store } = useHub()
  const me = useStore(store)
  const mayAdminister = useMay('administer')
  useEffect(() => {
    document.title = 'Users and tokens · Logboom'
  }, [])
  if (!me) return null
  if (mayAdminister) return <Accounts me={me.kind === 'user' ? me.name : undefined} />
  return (
    <EmptyState icon={Lock} title="Admins only">
      <p>
        You have signed in as {me.name}, {me.role}. An admin gives out users, grants and tokens here; what you may see
        stands on your own page.
      </p>
    </EmptyState>
  )
}

function Accounts({ me }: { me: string | undefined }): ReactElement {
  const { users, tokens, error, reload } = useAccounts()
  const connection = useStore(useHub().connection)
  const isAway = connection.state === 'lost'
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex max-w-[900px] flex-col gap-3.5 px-3 py-3.5 sm:px-5">
        <h1 className="text-sm font-semibold">Users and tokens</h1>
        {isAway ? (
          <p role="status" className="text-xs text-warn">
            The hub is away: nothing can be changed until it is back.
          </p>
        ) : null}
        {error && !isAway ? (
          <div className="text-xs">
            <Failure error={error} />
          </div>
        ) : null}
        <fieldset disabled={isAway} className="contents">
          {users ? <UsersPanel users={users} me={me} reload={reload} /> : null}
          {tokens && users && users.length > 0 ? <TokensPanel tokens={tokens} reload={reload} /> : null}
        </fieldset>
        <Roles />
      </div>
    </div>
  )
}

const roleMeanings = [
  ['Viewer', 'reads the sources that are granted'],
  ['Operator', 'also starts, stops and scales them, and hands in records'],
  ['Admin', 'everything: all sources and kinds, users, tokens, the store, the hub'],
] as const

function Roles(): ReactElement {
  return (
    <Panel title="What the roles can do">
      <dl className="grid grid-cols-[72px_minmax(0,1fr)] gap-y-1 border-t border-line px-3 py-3 sm:px-4">
        {roleMeanings.map(([role, meaning]) => (
          <div key={role} className="contents">
            <dt className="font-medium">{role}</dt>
            <dd className="text-soft">{meaning}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
