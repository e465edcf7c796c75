// One run as the hub knows it, asked for again while it goes on.
import { useCallback } from 'react'
import type { CountedRunView } from '../../../src/client/index.ts'
import { useHub } from '../hub/hub-context.tsx'
import { usePolled, type Polled } from '../hub/use-polled.ts'

export interface RunPlace {
  jobId?: string | undefined
  source?: string | undefined
  run?: string | undefined
}

/** An orchestrator may add to what it said of a job that is over. */
const restMs = (run: CountedRunView | null | undefined): number => (run && run.endedAt === undefined ? 1500 : 10_000)

/** `null`: there is none, for this caller. */
export function useRun({ jobId, source, run }: RunPlace): Polled<CountedRunView | null> {
  const { client } = useHub()
  const ask = useCallback(async () => {
    const number = Number(run)
    if (jobId === undefined && !(Number.isSafeInteger(number) && number > 0)) return null
    const { runs } = await client.runs({
      ...(jobId === undefined ? { source, run: number } : { job: jobId }),
      limit: 1,
    })
    return runs[0] ?? null
  }, [client, jobId, source, run])
  return usePolled(ask, restMs)
}
