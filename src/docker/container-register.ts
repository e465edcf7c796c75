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

interface NamedSource {
  opening: Promise<ContainerSource | undefined>
  release?: NodeJS.Timeout
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
  const sources = new Map<string, NamedSource>()
  /** By name: a source must have gone before another of its name comes. */
  const releases = new Map<string, Promise<void>>()
  const toldNames = new Set<string>()

  async function bring(name: string, group?: string): Promise<ContainerSource | undefined> {
    await releases.get(name)
    const source = await bringer.bring(name, group === undefined ? {} : { group }, open)
    if (!source && !toldNames.has(name)) taken(name)
    if (source) toldNames.delete(name)
    else toldNames.add(name)
    return source
  }

  async function sourceNamed(name: string, group?: string): Promise<NamedSource | undefined> {
    const there = sources.get(name)
    clearTimeout(there?.release)
    const named: NamedSource = there ?? { opening: bring(name, group) }
    sources.set(name, named)
    const source = await named.opening.catch((error: unknown) => {
      sources.delete(name)
      throw error
    })
    if (source) return named
    // The name may be free when the next container of it comes.
    sources.delete(name)
    return undefined
  }

  /** A source without containers goes some time after the last of them. */
  function releaseLater(name: string, named: NamedSource, source: ContainerSource): void {
    clearTimeout(named.release)
    named.release = setTimeout(() => {
      if (source.ids().length > 0 || sources.get(name) !== named) return
      sources.delete(name)
      const released = bringer.release(name).finally(() => releases.delete(name))
      releases.set(name, released)
    }, keptMs).unref()
  }

  async function read(listed: ListedContainer, beginning: LogBeginning): Promise<void> {
    const job = await openJob(listed, beginning)
    const { name, group } = sourceOf(listed)
    const named = job ? undefined : await sourceNamed(name, group)
    const source = await named?.opening
    const container = job ?? source?.take(listed.Id, beginning)
    if (!container) return
    known.set(listed.Id, container)
    changed()
    void container.gone.then(() => {
      known.delete(listed.Id)
      changed()
      if (named && source) releaseLater(name, named, source)
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
