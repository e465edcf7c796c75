// How many instances a process has: as many as the configuration says, or as somebody has said since. That holds under the next
// hub, too, until the processes are stopped together with their hub, or the configuration says something new.
import type { Catalogue } from './catalogue.ts'
import type { SourceConfig } from '../config/config.ts'
import { configuredInstances, instancesOf } from '../config/instances.ts'
import { suggestion } from '../text/nearest-name.ts'
import { LogboomError } from '../contracts/errors.ts'

export interface Scale {
  /** All sources, with instances in the place of those who have them. */
  sources: SourceConfig[]
  /** All instances that a process shall have from now on. Throws where it cannot have several. */
  set(name: string, count: number): SourceConfig[]
  /** The configuration counts again. */
  forget(): void
}

interface Said {
  instances: number
  /** Of the configuration, when it was said. */
  configured: number
}

export function openScale(sources: readonly SourceConfig[], catalogue: Pick<Catalogue, 'keep' | 'kept'>): Scale {
  const keyOf = (name: string): string => `scale ${name}`
  const scaled = sources.filter((source) => configuredInstances(source) !== undefined)

  function countOf(source: SourceConfig): number {
    const configured = configuredInstances(source)!
    const said = catalogue.kept(keyOf(source.name)) as Said | undefined
    return said?.configured === configured ? said.instances : configured
  }

  return {
    sources: sources.flatMap((source) => (scaled.includes(source) ? instancesOf(source, countOf(source)) : source)),
    set(name, count) {
      const source = scaled.find((each) => each.name === name)
      if (!source) throw cannotScale(name, sources, scaled)
      catalogue.keep(keyOf(name), { instances: count, configured: configuredInstances(source)! } satisfies Said)
      return instancesOf(source, count)
    },
    forget() {
      for (const { name } of scaled) catalogue.keep(keyOf(name), undefined)
    },
  }
}

function cannotScale(name: string, sources: readonly SourceConfig[], scaled: readonly SourceConfig[]): LogboomError {
  if (sources.some((source) => source.name === name)) {
    const hint = `Give it \`instances: 1\` in the configuration and start the hub again; its first is then ${name}-1.`
    return new LogboomError('not-controllable', `${name} runs only once`, { hint })
  }
  const guess = suggestion(
    name,
    scaled.map((source) => source.name),
  )
  return new LogboomError('unknown-source', `there is no process "${name}" with instances${guess}`)
}
