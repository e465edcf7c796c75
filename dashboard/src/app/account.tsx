// The account that has signed in, and the way out; nothing where nobody needs to sign in.
import { LogOut, UserRound } from 'lucide-react'
import type { ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { signOut } from '../hub/sign-in.ts'
import { useStore } from '../hub/store.ts'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'

export function Account(): ReactElement | null {
  const { client, me: store } = useHub()
  const me = useStore(store)
  if (me?.kind !== 'user') return null
  const seen = me.within === '' ? 'sees everything' : `sees what matches ${me.within}`
  return (
    <>
      <Tooltip text={`${me.role}, ${seen}`}>
        <span
          tabIndex={0}
          data-testid="account"
          className="flex h-6 max-w-40 items-center gap-1 truncate rounded px-1 text-xs text-soft"
        >
          <UserRound className="size-3.5 shrink-0" aria-hidden />
          <span className="truncate max-sm:sr-only">{me.name}</span>
        </span>
      </Tooltip>
      <Tooltip text="Sign out; with Shift everywhere">
        <Button icon aria-label="Sign out" onClick={(event) => void signOut(client, event.shiftKey)}>
          <LogOut aria-hidden />
        </Button>
      </Tooltip>
    </>
  )
}
