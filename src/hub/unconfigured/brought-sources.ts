// Sources that another source brings, as an engine does its containers: opened under a name of their own while the hub runs.
import type { SourceConfig } from '../../config/config.ts'
import type { BroughtSource, Source, SourceContext } from '../../contracts/source.ts'

interface Bringer {
  /** All sources of the hub; those brought are added. */
  all: SourceConfig[]
  byName: Map<string, Source>
  contextOf(name: string): SourceContext
  changed(): void
}

export interface Bringing {
  bring: Bring
  release(name: string): Promise<void>
}

export type Bring = <Brought extends Source>(
  by: string,
  name: string,
  about: BroughtSource,
  open: (context: SourceContext) => Promise<Brought>,
) => Promise<Brought | undefined>

export function openBringing({ all, byName, contextOf, changed }: Bringer): Bringing {
  const bring: Bring = async (by, name, about, open) => {
    // Letter case makes no other name: queries and files take no heed of it.
    if (all.some((each) => each.name.toLowerCase() === name.toLowerCase())) return undefined
    const { type } = all.find((each) => each.name === by)!
    const source: SourceConfig = { type, name, options: about }
    all.push(source)
    try {
      const opened = await open(contextOf(name))
      byName.set(name, opened)
      changed()
      return opened
    } catch (error) {
      all.splice(all.indexOf(source), 1)
      throw error
    }
  }
  async function release(name: string): Promise<void> {
    await byName.get(name)?.close({ keep: false })
    byName.delete(name)
    const at = all.findIndex((each) => each.name === name)
    if (at >= 0) all.splice(at, 1)
    changed()
  }

  return { bring, release }
}
