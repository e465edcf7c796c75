// What a killed hub left running that nobody wants any more: it is taken over, so that its last lines are read and it can be
// stopped, and never started anew.
import { z } from 'zod'
import type { Catalogue } from './catalogue.ts'
import type { SourceConfig } from '../config/config.ts'
import { findSource } from '../config/instances.ts'
import { hubSource } from './hub-log.ts'
import type { RunLog, SourceType } from '../contracts/source.ts'

interface Known {
  /** As the configuration has them. */
  configured: readonly SourceConfig[]
  /** As they are to run. */
  wanted: readonly SourceConfig[]
  processType: SourceType
}

/** With `instanceOf` where it is one too many of a process, else its name is not in the configuration any more. */
export function findLeftBehind(
  { configured, wanted, processType }: Known,
  catalogue: Pick<Catalogue, 'unendedSources'>,
  runsOf: (name: string) => Pick<RunLog, 'last'>,
): SourceConfig[] {
  const known = new Set([hubSource, ...wanted.map(({ name }) => name)])
  const quiet = { autostart: false, restart: 'never' }
  return catalogue
    .unendedSources()
    .filter((name) => !known.has(name))
    .flatMap((name): SourceConfig[] => {
      const instance = findSource(configured, name)
      if (instance?.instanceOf) return [{ ...instance, options: { ...(instance.options as object), ...quiet } }]
      // Of processes only: files go on without us, and pipes are found by what they leave.
      const command = runsOf(name).last()?.details.command
      return command === undefined
        ? []
        : [{ type: processType.type, name, options: processType.options(z).parse({ command, ...quiet }) }]
    })
}
