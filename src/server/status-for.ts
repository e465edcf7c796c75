// The state of the hub as one caller may see it: what is not granted is not there.
import type { Caller } from '../contracts/caller.ts'
import type { Jobs } from '../contracts/job.ts'
import type { HubInfo, HubStatus, SourceView, StoreView } from '../wire/hub-view.ts'
import { mayReadRun } from './own-job.ts'

export function statusFor(caller: Caller, { hub, sources }: HubStatus, jobs: Pick<Jobs, 'list'>): HubStatus {
  if (caller.within === undefined) return { hub, sources }
  return {
    hub: caller.may('administer') ? hub : hubFor(hub),
    sources: sources
      .filter(({ name }) => caller.mayRead(name))
      .map((view) => (caller.mayReadAllOf(view.name) ? view : shareOf(view, caller, jobs))),
  }
}

/** Paths and trouble name sources and files of anybody. */
function hubFor({ version, session, startedAt, url }: HubInfo): HubInfo {
  return { version, session, startedAt, url, trouble: [] }
}

/** A source of jobs as it would be without those of others. */
function shareOf({ name, type, title }: SourceView, caller: Caller, jobs: Pick<Jobs, 'list'>): SourceView {
  const own = jobs.list().filter((job) => job.source === name && mayReadRun(caller, name, job))
  const [last] = own
  const openCount = own.filter(({ endedAt }) => endedAt === undefined).length
  return {
    name,
    type,
    title,
    state: openCount > 0 ? 'running' : 'exited',
    run: last?.run ?? 0,
    restarts: 0,
    ...(last ? { startedAt: last.startedAt } : {}),
    ...(openCount > 1 ? { detail: `${openCount} jobs at once` } : {}),
  }
}

/** Figures of the sources that are granted as a whole; days and files tell of all of them together, so they are left out. */
export function storeFor(caller: Caller, view: StoreView): StoreView {
  if (caller.within === undefined) return view
  const { directory: _, hold: __, ...rest } = view
  const sources = view.sources.filter(({ source }) => caller.mayReadAllOf(source))
  const total = (of: (source: StoreView['sources'][number]) => number): number =>
    sources.reduce((sum, each) => sum + of(each), 0)
  return {
    ...rest,
    records: total(({ records }) => records),
    rawBytes: total(({ rawBytes }) => rawBytes),
    bytes: total(({ bytes }) => bytes),
    files: { days: 0, tails: 0 },
    sources,
    days: [],
  }
}
