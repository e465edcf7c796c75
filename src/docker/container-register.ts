// The containers that are read, by their ids, and the sources that read them, which open when the first container of their name comes;
// those that are jobs have none.
import type { SourceContext } from '../contracts/source.ts'
import type { Container } from './containers/container.ts'
import type { LogBeginning } from './containers/container-runs.ts'
import type { ContainerSource } from './containers/container-source.ts'
import { sourceOf, type ListedContainer } from './select-containers.ts'

export interface ContainerRegister {
  /** Reads the container, if it is not read already. */
  take(listed: ListedContainer, beginning: LogBeginning): Promise<void>
  find(id: string): Container | undefined
  all(): Container[]
}

interface Opening {
  open(own: SourceContext): Promise<ContainerSource>
  /** Gives what reads a container that is a job; undefined where it is none. */
  openJob(listed: ListedContainer, beginning: LogBeginning): Promise<Container | undefined>
  /** The name is that of another source. */
  taken(name: string): void
  /** There are more or fewer. */
  changed(): void
}

/** A container that was removed is shown for so long, unless another of its name comes. */
const tenMinutes = 600_000

export function openContainerRegister(
  bringer: Pick<SourceContext, 'bring' | 'release'>,
  { open, openJob, taken, changed }: Opening,
  keptMs: number = tenMinutes,
): ContainerRegister {
  const known = new Map<string, Container>()
  const underWay = new Map<string, Promise<void>>()
  const sources = new Map<string, Promise<ContainerSource | undefined>>()

  async function bring(name: string, group?: string): Promise<ContainerSource | undefined> {
    const source = await bringer.bring(name, group === undefined ? {} : { group }, open)
    if (!source) taken(name)
    return source
  }

  function sourceNamed(name: string, group?: string): Promise<ContainerSource | undefined> {
    const opening = sources.get(name) ?? bring(name, group)
    sources.set(name, opening)
    return opening
  }

  async function releaseEmpty(name: string, source: ContainerSource): Promise<void> {
    if (source.ids().length > 0 || !sources.delete(name)) return
    await bringer.release(name)
  }

  async function read(listed: ListedContainer, beginning: LogBeginning): Promise<void> {
    const job = await openJob(listed, beginning)
    const { name, group } = sourceOf(listed)
    const source = job ? undefined : await sourceNamed(name, group)
    const container = job ?? source?.take(listed.Id, beginning)
    if (!container) return
    known.set(listed.Id, container)
    changed()
    void container.gone.then(() => {
      known.delete(listed.Id)
      changed()
      if (source) setTimeout(() => void releaseEmpty(name, source), keptMs).unref()
    })
  }

  return {
    async take(listed, beginning) {
      if (known.has(listed.Id)) return
      const taking = underWay.get(listed.Id) ?? read(listed, beginning)
      underWay.set(listed.Id, taking)
      await taking.finally(() => underWay.delete(listed.Id))
    },
    find: (id) => known.get(id),
    all: () => [...known.values()],
  }
}
