// Containers whose labels name a job: read like others, and handed in as the lines of that job.
import type { NewJob } from '../contracts/job.ts'
import type { JobLink, SourceContext } from '../contracts/source.ts'
import type { Container, ContainerOptions } from './containers/container.ts'
import { openJobContainer } from './containers/job-container.ts'
import { openPushLane, type PushLane } from './containers/push-lane.ts'
import { jobOf, type ListedContainer } from './select-containers.ts'

type Surroundings = Pick<ContainerOptions, 'engine' | 'engineId' | 'isCoarse' | 'inTurn' | 'changed'>

export interface JobContainers {
  /** Gives what reads the container; undefined where it is no job, or jobs cannot be had. */
  open(
    listed: ListedContainer,
    beginning: ContainerOptions['beginning'],
    surroundings: Surroundings,
  ): Promise<Container | undefined>
  /** Resolves when all that was read is committed, or cannot be. */
  drained(): Promise<void>
}

/** `refused`: the job cannot be had, and why not. */
export function openJobContainers(
  context: Pick<SourceContext, 'job' | 'lineJoining'>,
  refused: (jobId: string, error: Error) => void,
): JobContainers {
  /** By source of the jobs. */
  const lanes = new Map<string, Promise<PushLane>>()

  async function linkTo(job: NewJob): Promise<JobLink | undefined> {
    try {
      return await context.job(job)
    } catch (error) {
      refused(job.jobId, error as Error)
      return undefined
    }
  }

  return {
    async open(listed, beginning, surroundings) {
      const wanted = jobOf(listed)
      const link = wanted && (await linkTo(wanted))
      if (!link) return undefined
      const { source } = link.job
      const opening = lanes.get(source) ?? openPushLane(link.storage)
      lanes.set(source, opening)
      const [lane, joining] = await Promise.all([opening, context.lineJoining()])
      return openJobContainer(link, { ...surroundings, id: listed.Id, beginning, lane, joining })
    },
    async drained() {
      await Promise.allSettled([...lanes.values()].map(async (lane) => await (await lane).drained()))
    },
  }
}
