// Sources that nobody has configured: each type that finds some by itself is asked to, and those found are opened.
import { z } from 'zod'
import type { SourceConfig } from '../../config/config.ts'
import type { SourceType } from '../../contracts/source.ts'
import type { HubLog } from '../hub-log.ts'

interface Discoverer {
  types: readonly SourceType[]
  /** All sources of the hub; those found are added. */
  all: SourceConfig[]
  captureDirectory: string
  open(source: SourceConfig): Promise<void>
  log: Pick<HubLog, 'say'>
  changed(): void
}

/** Resolves when those are opened that are there now. */
export async function discoverSources({
  types,
  all,
  captureDirectory,
  open,
  log,
  changed,
}: Discoverer): Promise<{ close(): Promise<void> }> {
  const refused = new Set<string>()
  let isClosing = false

  async function found({ type, options }: SourceType, name: string): Promise<void> {
    if (isClosing) return
    const there = all.find((each) => each.name === name)
    if (!there) {
      const source: SourceConfig = { type, name, options: options(z).parse({}) }
      all.push(source)
      await open(source)
      changed()
    } else if (there.type !== type && !refused.has(name)) {
      refused.add(name)
      log.say(
        'WARNING',
        `A ${type} is called ${name}, as is a ${there.type}: its lines wait until that has another name`,
      )
    }
  }

  const warn = (message: string): void => log.say('WARNING', message)
  const discoveries = await Promise.all(
    types.flatMap((type) => type.discover?.({ captureDirectory, found: (name) => found(type, name), warn }) ?? []),
  )
  return {
    async close() {
      isClosing = true
      await Promise.all(discoveries.map((each) => each.close()))
    },
  }
}
