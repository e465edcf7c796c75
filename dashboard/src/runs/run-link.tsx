// The way to a run: its page, by the id of its job or by source and number, and its lines as a query.
import { Link } from '@tanstack/react-router'
import type { ReactElement, ReactNode } from 'react'
import type { CountedRunView } from '../../../src/client/index.ts'
import { quoted } from '../logs/view.ts'

interface RunLinkProps {
  run: Pick<CountedRunView, 'source' | 'run' | 'job'>
  className?: string
  children: ReactNode
}

export function RunLink({ run: { source, run, job }, className, children }: RunLinkProps): ReactElement {
  const rest = { className, children, 'data-row': true }
  return job ? (
    <Link to="/jobs/$jobId" params={{ jobId: job.jobId }} {...rest} />
  ) : (
    <Link to="/runs/$source/$run" params={{ source, run: String(run) }} {...rest} />
  )
}

/** All lines of a run; of a job, as people know it. */
export function runQuery({ source, run, job }: RunLinkProps['run']): string {
  return job ? `job:${written(job.jobId)}` : `source:${written(source)} run:${run}`
}

function written(text: string): string {
  return /^\w[\w.-]*$/.test(text) ? text : quoted(text)
}
