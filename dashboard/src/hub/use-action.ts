// Something that is asked of the hub by a button: whether it is under way, and why it failed.
import { useState } from 'react'
import type { LogboomError } from '../../../src/client/index.ts'
import { toLogboomError } from './to-logboom-error.ts'

export interface AskedAction {
  pending: boolean
  error: LogboomError | undefined
  run(work: () => Promise<unknown>): void
}

export function useAction(): AskedAction {
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<LogboomError>()
  const run = (work: () => Promise<unknown>): void => {
    setPending(true)
    setError(undefined)
    work()
      .catch((thrown: unknown) => setError(toLogboomError(thrown)))
      .finally(() => setPending(false))
  }
  return { pending, error, run }
}
