// The page of one run, or job: its lines by stream, what became of it, and whose it is.
import { useParams } from '@tanstack/react-router'
import { SearchX, TriangleAlert } from 'lucide-react'
import { useEffect, type ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { LoadingBar } from '../logs/list/log-cover.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { useSideColumn } from '../ui/use-media.ts'
import { RunHead } from './run-head.tsx'
import { RunLines } from './run-lines.tsx'
import { RunSiblings } from './run-siblings.tsx'
import { useRun, type RunPlace } from './use-run.ts'

export function RunPage(): ReactElement {
  const place: RunPlace = useParams({ strict: false })
  const { jobId, source, run: number } = place
  return <PlacedRun key={`${jobId} ${source} ${number}`} place={place} />
}

function PlacedRun({ place }: { place: RunPlace }): ReactElement {
  const { answer: run, error } = useRun(place)
  const hasRoom = useSideColumn()
  const name = place.jobId === undefined ? `${place.source} run ${place.run}` : `job ${place.jobId}`
  useEffect(() => {
    document.title = `${name.charAt(0).toUpperCase()}${name.slice(1)} · Logboom`
  }, [name])
  if (run)
    return (
      <div className="flex h-full">
        <div className="flex min-w-0 flex-1 flex-col">
          <RunHead run={run} isStale={error !== undefined} />
          <RunLines run={run} />
        </div>
        {hasRoom ? <RunSiblings run={run} /> : null}
      </div>
    )
  if (run === null) return <NoRun name={name} />
  if (error)
    return (
      <EmptyState icon={TriangleAlert} title="The hub did not tell of this run" tone="bad">
        <p>
          {error.message} {error.hint}
        </p>
      </EmptyState>
    )
  return (
    <div className="relative h-full">
      <LoadingBar />
    </div>
  )
}

function NoRun({ name }: { name: string }): ReactElement {
  const me = useStore(useHub().me)
  return (
    <EmptyState icon={SearchX} title={`There is no ${name} here`}>
      <p>Nobody registered or started it in this place, or it is so long ago that it is not listed any more.</p>
      {me && me.within !== '' ? (
        <p data-testid="run-not-granted">
          Or it is another owner’s: you see what is granted to {me.name} alone. Ask an admin of this hub for more.
        </p>
      ) : null}
    </EmptyState>
  )
}
