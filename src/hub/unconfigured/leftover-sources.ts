// Sources that a killed hub left running and that are wanted no more: they are taken over, so that their last lines are read and
// they can be stopped, and never started anew.
import { z } from 'zod'
import type { SourceConfig } from '../../config/config.ts'
import { findSource } from '../../config/instances.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { RunLog, Source, SourceType } from '../../contracts/source.ts'
import type { Catalogue } from '../catalogue.ts'
import { hubSource } from '../../text/source-name.ts'

interface Known {
  /** As the configuration has them. */
  configured: readonly SourceConfig[]
  /** As they are to run. */
  wanted: readonly SourceConfig[]
  types: readonly SourceType[]
}

/** With `instanceOf` where it is one too many of a process, else its name is not in the configuration any more. */
export function findLeftovers(
  { configured, wanted, types }: Known,
  catalogue: Pick<Catalogue, 'unendedSources'>,
  runsOf: (name: string) => Pick<RunLog, 'last'>,
): SourceConfig[] {
  const known = new Set([hubSource, ...wanted.map(({ name }) => name)])
  return catalogue
    .unendedSources()
    .filter((name) => !known.has(name))
    .flatMap((name): SourceConfig[] => {
      const instance = findSource(configured, name)
      return types.flatMap(({ type, leftover, options }) => {
        if (!leftover) return []
        if (instance?.instanceOf)
          return instance.type === type ? { ...instance, options: leftover.quiet(instance.options) } : []
        const written = leftover.written(runsOf(name).last()?.details ?? {})
        return written === undefined ? [] : { type, name, options: leftover.quiet(options(z).parse(written)) }
      })
    })
}

/** A source that can be stopped only: its command is kept without secrets, so that nobody knows how to start it. */
export function stopOnly(name: string, source: Source): Source {
  return {
    ...source,
    async control(action) {
      if (action !== 'stop')
        throw new LogboomError('not-controllable', `${name} is not in the configuration any more`, {
          hint: 'It can be stopped; to start it again, configure it again.',
        })
      await source.control?.(action)
    },
  }
}
