// A list of the hub as a page shows it: its beginning is asked for anew every few seconds, older rows when they are wanted.
import { useCallback, useState } from 'react'
import type { LogboomError } from '../../../src/client/index.ts'
import { toLogboomError } from '../hub/to-logboom-error.ts'
import { usePolled } from '../hub/use-polled.ts'
import { withNewest, withOlder, type ShownList } from './shown-list.ts'

export interface PagedList<Row> {
  /** Undefined until the hub has answered. With other filters the rows stay until it has answered to these. */
  list: ShownList<Row> | undefined
  error: LogboomError | undefined
  isLoadingOlder: boolean
  loadOlder(): void
}

type Ask<Row> = (past: string | undefined) => Promise<ShownList<Row>>

const restMs = (): number => 4000

/** `ask` is the same function as long as the filters are; `keyOf` always. */
export function useShownList<Row extends { startedAt: number }>(
  ask: Ask<Row>,
  keyOf: (row: Row) => string,
): PagedList<Row> {
  const [shown, setShown] = useState<{ list: ShownList<Row>; of: Ask<Row> }>()
  const [isLoadingOlder, setLoadingOlder] = useState(false)
  const [olderError, setOlderError] = useState<LogboomError>()
  const askNewest = useCallback(() => ask(undefined), [ask])
  const take = useCallback(
    (newest: ShownList<Row>) =>
      setShown((now) => ({ list: now?.of === ask ? withNewest(now.list, newest, keyOf) : newest, of: ask })),
    [ask, keyOf],
  )
  const { error } = usePolled(askNewest, restMs, take)

  async function loadOlder(): Promise<void> {
    if (shown?.list.past === undefined || isLoadingOlder) return
    setLoadingOlder(true)
    setOlderError(undefined)
    try {
      const older = await ask(shown.list.past)
      setShown((now) => (now?.of === ask ? { ...now, list: withOlder(now.list, older, keyOf) } : now))
    } catch (problem) {
      setOlderError(toLogboomError(problem))
    }
    setLoadingOlder(false)
  }

  return { list: shown?.list, error: error ?? olderError, isLoadingOlder, loadOlder: () => void loadOlder() }
}
