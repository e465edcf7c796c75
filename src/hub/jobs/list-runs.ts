// Lists of runs and sessions for people, made of what the catalogue keeps.
import type { RunRow } from '../../contracts/source.ts'
import type { RunExit } from '../../contracts/source-status.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { patternTest } from '../../query/match/wildcard.ts'
import type { RunFilter, RunLists, RunView, SessionView } from '../../wire/run-view.ts'
import type { Catalogue } from '../catalogue.ts'
import { hubSource } from '../../text/source-name.ts'
import type { RunPlace } from '../past-runs.ts'
import { jobOf } from './known-jobs.ts'

/** Parts of the details that sources of all types understand alike. */
interface KnownDetails {
  exit?: RunExit
  stopRequested?: boolean
  /** Of a schedule; Unix milliseconds. */
  firing?: number
}

export function openRunLists(catalogue: Pick<Catalogue, 'eachRun' | 'sessions'>, session: string): RunLists {
  return {
    runs({ limit, past, ...filter }, granted) {
      const isMeant = testOf(filter)
      const runs: RunView[] = []
      let last: RunPlace | undefined
      let more = false
      const isSource = nameTest(filter.source ?? '*')
      const wants = ({ source }: RunRow): boolean => source !== hubSource && isSource(source)
      catalogue.eachRun({ past: past === undefined ? undefined : parsePlace(past), wants }, (row, place) => {
        const view = viewOf(row)
        if (!isMeant(view) || !granted(view)) return true
        more = runs.length === limit
        if (more) return false
        runs.push(view)
        last = place
        return true
      })
      return { runs, ...(more && last ? { past: formatPlace(last) } : {}) }
    },
    sessions({ status, session: wanted = '*', limit, past }) {
      const isSession = nameTest(wanted)
      const all = catalogue
        .sessions()
        .map(({ id, startedAt, endedAt }) => sessionView({ id, startedAt, endedAt }, session))
        .filter((each) => isSession(each.id) && (status === undefined || each.status === status.toUpperCase()))
      const from = past === undefined ? 0 : all.findIndex(({ id }) => id === past) + 1
      const sessions = all.slice(from, from + limit)
      return { sessions, ...(from + limit < all.length ? { past: sessions.at(-1)!.id } : {}) }
    },
  }
}

const nameTest = (text: string): ((name: string) => boolean) => patternTest({ text, wildcard: text.includes('*') })

function testOf({
  session = '*',
  run: number,
  job: jobId,
  owner,
  status,
  isJob,
}: Omit<RunFilter, 'source'> & { isJob: boolean }): (run: RunView) => boolean {
  const isSession = nameTest(session)
  const isOwner = owner === undefined ? undefined : nameTest(owner)
  const wanted = status?.toUpperCase()
  return ({ job, ...run }) =>
    (number === undefined || run.run === number) &&
    (jobId === undefined || job?.jobId === jobId) &&
    isSession(run.session) &&
    (!isOwner || (job?.userId !== undefined && isOwner(job.userId))) &&
    (wanted === undefined || run.status === wanted) &&
    (!isJob || job !== undefined || run.scheduledAt !== undefined)
}

/** A run as people see it, whatever its source is. */
export function viewOf(row: RunRow): RunView {
  const { source, run, session, endedAt } = row
  const { exit, stopRequested = false, firing } = row.details as KnownDetails
  const job = jobOf(row)
  const startedAt = job?.startedAt ?? row.startedAt
  const end = endedAt ?? exit?.at
  const exitCode = job ? job.exitCode : (exit?.code ?? undefined)
  return {
    source,
    run,
    session,
    status: job?.status ?? statusOf(endedAt, exit, stopRequested),
    startedAt,
    ...(end === undefined ? {} : { endedAt: end, durationMs: Math.max(0, end - startedAt) }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(exit?.signal ? { signal: exit.signal } : {}),
    ...(job?.error === undefined ? {} : { error: job.error }),
    ...(firing === undefined ? {} : { scheduledAt: firing }),
    ...(job ? { job: ownerOf(job) } : {}),
  }
}

function ownerOf({ jobId, eventId, userId, orchestratorId, message }: NonNullable<RunView['job']>): RunView['job'] {
  return {
    jobId,
    ...(eventId === undefined ? {} : { eventId }),
    ...(userId === undefined ? {} : { userId }),
    orchestratorId,
    ...(message === undefined ? {} : { message }),
  }
}

function statusOf(endedAt: number | null, exit: RunExit | undefined, stopRequested: boolean): string {
  if (!exit) return endedAt === null ? 'RUNNING' : 'COMPLETED'
  if (stopRequested) return 'STOPPED'
  if (!exit.known) return 'UNKNOWN'
  return exit.code === 0 ? 'COMPLETED' : 'FAILED'
}

function sessionView(
  { id, startedAt, endedAt }: { id: string; startedAt: number; endedAt: number | null },
  current: string,
): SessionView {
  if (endedAt === null) return { id, status: id === current ? 'RUNNING' : 'KILLED', startedAt }
  return { id, status: 'ENDED', startedAt, endedAt, durationMs: endedAt - startedAt }
}

const formatPlace = ({ startedAt, run, source }: RunPlace): string => `${startedAt},${run},${source}`

function parsePlace(text: string): RunPlace {
  const [, startedAt, run, source] = /^(\d+(?:\.\d+)?),(\d+),(.*)$/s.exec(text) ?? []
  if (source !== undefined) return { startedAt: Number(startedAt), run: Number(run), source }
  throw new LogboomError('request-invalid', 'past: no place in this list; right would be `past` of the answer before')
}
