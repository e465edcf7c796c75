// The containers that are read, by their ids, and the sources that read them, which open when the first container of their name comes.
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
  /** The name is that of another source. */
  taken(name: string): void
  /** There are more or fewer. */
  changed(): void
}

/** A container that was removed is shown for so long, unless another of its name comes. */
const tenMinutes = 600_000

export function openContainerRegister(
  bringer: Pick<SourceContext, 'bring' | 'release'>,
  { open, taken, changed }: Opening,
  keptMs: number = tenMinutes,
): ContainerRegister {
  const known = new Map<string, Container>()
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

  return {
    async take(listed, beginning) {
      const { name, group } = sourceOf(listed)
      const source = known.has(listed.Id) ? undefined : await sourceNamed(name, group)
      if (!source || known.has(listed.Id)) return
      const container = source.take(listed.Id, beginning)
      known.set(listed.Id, container)
      changed()
      void container.gone.then(() => {
        known.delete(listed.Id)
        changed()
        setTimeout(() => void releaseEmpty(name, source), keptMs).unref()
      })
    },
    find: (id) => known.get(id),
    all: () => [...known.values()],
  }
}
