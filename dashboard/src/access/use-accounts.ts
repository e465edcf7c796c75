// Users and tokens as the hub has them: asked after every change of one's own, and now and then for those of others.
import { useCallback, useEffect, useState } from 'react'
import type { LogboomError } from '../../../src/client/index.ts'
import type { TokenView, UserView } from '../../../src/contracts/access.ts'
import { useHub } from '../hub/hub-context.tsx'
import { toLogboomError } from '../hub/to-logboom-error.ts'

export interface Accounts {
  /** Undefined until they are known. */
  users: UserView[] | undefined
  tokens: TokenView[] | undefined
  error: LogboomError | undefined
  reload(): Promise<void>
}

const askEveryMs = 5000

export function useAccounts(): Accounts {
  const { client } = useHub()
  const [known, setKnown] = useState<Omit<Accounts, 'reload'>>({
    users: undefined,
    tokens: undefined,
    error: undefined,
  })
  const reload = useCallback(async () => {
    try {
      const [users, tokens] = await Promise.all([client.users(), client.tokens()])
      setKnown({ users, tokens, error: undefined })
    } catch (error) {
      setKnown((before) => ({ ...before, error: toLogboomError(error) }))
    }
  }, [client])
  useEffect(() => {
    void reload()
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void reload()
    }, askEveryMs)
    return () => clearInterval(timer)
  }, [reload])
  return { ...known, reload }
}
