// Sources of jobs, which are opened when the first job of their name comes.
import { z } from 'zod'
import type { SourceConfig } from '../../config/config.ts'
import type { JobRuns } from '../../contracts/job.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { Source } from '../../contracts/source.ts'
import { jobSource } from '../../sources/job.ts'

export interface NamedJobRuns {
  /** As the source is called; letter case makes no other. */
  name: string
  jobs: JobRuns
}

interface Opener {
  /** All sources of the hub; those opened are added. */
  all: SourceConfig[]
  byName: ReadonlyMap<string, Source>
  /** Opens it, or gives the promise of who does so already. */
  openOnce(source: SourceConfig): Promise<void>
  changed(): void
}

/** Rejects where the source cannot be opened, to be tried again. Undefined where the name is that of a source of another type. */
export async function openJobsOf(
  wanted: string,
  { all, byName, openOnce, changed }: Opener,
): Promise<NamedJobRuns | undefined> {
  const there = all.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  const source = there ?? { type: jobSource.type, name: wanted, options: jobSource.options(z).parse({}) }
  if (!there) all.push(source)
  await openOnce(source)
  if (!there) changed()
  const opened = byName.get(source.name)
  if (!opened) throw new LogboomError('store-unwritable', `${source.name} cannot be opened now; send it again`)
  const { jobs } = opened
  return jobs && { name: source.name, jobs }
}
