// A token in the table: its scope, until when, and its end.
import { useState, type ReactElement } from 'react'
import type { TokenView } from '../../../src/contracts/access.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useNow } from '../hub/ticker.ts'
import { useAction } from '../hub/use-action.ts'
import { Button } from '../ui/button.tsx'
import { GrantChips } from './grants.tsx'
import { QuestionRow } from './notice-row.tsx'
import { formatDay } from './user-row.tsx'

export const tokenColumns =
  'grid grid-cols-[minmax(0,1fr)_auto_auto] items-center gap-x-3 px-3 sm:grid-cols-[minmax(0,156px)_minmax(0,1fr)_112px_84px] sm:px-4 sm:pr-2'

export function TokenRow({ token, reload }: { token: TokenView; reload(): Promise<void> }): ReactElement {
  const { client } = useHub()
  const { name } = token
  const now = useNow()
  const [isAsked, setIsAsked] = useState(false)
  const action = useAction()
  const isOver = (token.expiresAt ?? Infinity) <= now
  const revoke = (): void =>
    action.run(async () => {
      await client.revokeToken(name)
      await reload()
    })
  if (isAsked)
    return (
      <QuestionRow
        title={`Revoke ${name}?`}
        about="Whoever has it is cut off at once, streams included. This cannot be taken back."
        deed={`Revoke ${name}`}
        action={action}
        onKeep={() => setIsAsked(false)}
        onDo={revoke}
      />
    )
  return (
    <div data-testid="token-row" data-token={name} className={`${tokenColumns} min-h-10 border-t border-line py-1.5`}>
      <span className="min-w-0 leading-4">
        <span className={isOver ? 'block truncate text-soft' : 'block truncate font-medium'}>{name}</span>
        <span className="block truncate text-2xs text-soft">since {formatDay(token.createdAt)}</span>
      </span>
      <span className="min-w-0 max-sm:order-last max-sm:col-span-full max-sm:pt-1.5">
        <GrantChips grants={{ ...token, ...seenBy(token), ownJobs: false }} verbs={token.actions.join(', ')} />
      </span>
      <Expiry expiresAt={token.expiresAt} now={now} />
      <span className="text-right">
        <Button onClick={() => setIsAsked(true)}>{isOver ? 'Remove…' : 'Revoke…'}</Button>
      </span>
    </div>
  )
}

/** Kinds mean something to readers alone. */
function seenBy({ actions, kinds }: TokenView): Pick<TokenView, 'kinds'> {
  return { kinds: actions.includes('read') ? kinds : ['system', 'event', 'gap'] }
}

const dayMs = 86_400_000
/** A token that expires sooner needs somebody's attention. */
const soonDays = 14

function Expiry({ expiresAt, now }: { expiresAt: number | undefined; now: number }): ReactElement {
  if (expiresAt === undefined) return <span className="text-soft">never</span>
  if (expiresAt <= now) return <span className="font-medium text-bad">expired</span>
  const left = Math.ceil((expiresAt - now) / dayMs)
  if (left > soonDays) return <span className="tabular-nums">{formatDay(expiresAt)}</span>
  return (
    <span className="font-medium text-warn tabular-nums" title={new Date(expiresAt).toLocaleString()}>
      {left === 1 ? 'within a day' : `in ${left} days`}
    </span>
  )
}
