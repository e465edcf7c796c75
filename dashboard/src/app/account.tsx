// The ways to the page of users and tokens, for admins, and to one's own, for whoever has signed in.
import { Link } from '@tanstack/react-router'
import { UserRound, UsersRound } from 'lucide-react'
import type { ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { classNames } from '../ui/class-names.ts'
import { Tooltip } from '../ui/tooltip.tsx'

const look =
  'flex h-7 items-center gap-1 rounded-md px-1.5 text-xs text-soft hover:bg-hover hover:text-text data-[status=active]:bg-active data-[status=active]:text-text'

export function Account(): ReactElement | null {
  const me = useStore(useHub().me)
  if (!me) return null
  return (
    <>
      {me.actions.includes('administer') ? (
        <Tooltip text="Users and tokens">
          <Link
            to="/access"
            aria-label="Users and tokens"
            className={classNames(look, me.kind === 'user' && 'max-sm:hidden')}
          >
            <UsersRound className="size-3.5 shrink-0" aria-hidden />
          </Link>
        </Tooltip>
      ) : null}
      {me.kind === 'user' ? (
        <Tooltip text={`${me.name}, ${me.role}: what you may, password, sign out`}>
          <Link to="/account" aria-label="Account" data-testid="account" className={`${look} max-w-40`}>
            <UserRound className="size-3.5 shrink-0" aria-hidden />
            <span className="truncate max-sm:sr-only">{me.name}</span>
          </Link>
        </Tooltip>
      ) : null}
    </>
  )
}
