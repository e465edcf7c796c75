// A source as people see it: what it says of itself, and what only the hub knows of it.
import type { SourceConfig } from '../config/config.ts'
import type { Source, SourceType } from '../contracts/source.ts'
import { sourceTitle } from '../text/source-title.ts'
import type { SourceView } from '../wire/hub-view.ts'
import type { Filing } from './filing.ts'
import type { Settings } from './settings/open-settings.ts'
import { groupOf } from './source-control.ts'

interface Known {
  /** Undefined of other hosts' sources, whose types may be others. */
  type: SourceType | undefined
  levels: Pick<Settings, 'levelsOf'>
  filing: Pick<Filing, 'viewOf'>
}

export function sourceView(
  { name, instanceOf, options }: SourceConfig,
  source: Source,
  { type, levels, filing }: Known,
): SourceView {
  return {
    ...source.status(),
    ...(source.control && { isControllable: true as const }),
    title: sourceTitle(name, type?.noun, (options as { title?: string }).title),
    ...groupOf(options),
    ...(instanceOf === undefined ? {} : { instanceOf }),
    ...levels.levelsOf(name),
    ...filing.viewOf(name),
  }
}
