// A panel of the Audit page as a view of the log, and its part of the address: `?audit.level=warning&system.module=shop.*`.
import type { SeverityName } from '../../../src/contracts/record.ts'
import type { SearchText } from '../app/use-search.ts'
import { levelsFrom, quoted, type LogView } from '../logs/view.ts'

export type PanelName = 'system' | 'audit'
export const panelNames: readonly PanelName[] = ['system', 'audit']

export interface PanelView extends LogView {
  /** The least severe level that is shown; absent: all are. */
  level?: SeverityName | undefined
  /** Name of a logger or source, with `*` for any characters. */
  module: string
}

const scopes: Record<PanelName, string> = { system: '-kind:audit', audit: 'kind:audit' }

/** All lines of a panel, whatever its filters are. */
export function panelScope(name: PanelName): string {
  return scopes[name]
}

/** The query of the panel and module alone. */
export function moduleScope(panel: PanelName, module: string): string {
  const name = module.trim()
  if (name === '') return scopes[panel]
  const found = name.includes('*')
    ? `logger:${pattern(name)} OR source:${pattern(name)}`
    : `logger:${quoted(name)} OR logger:${pattern(name)}.* OR source:${quoted(name)}`
  return `${scopes[panel]} (${found})`
}

/** Characters that would end a pattern, or make something else of it, stand for any. */
const pattern = (name: string): string => name.replaceAll(/[\s()"/\\<>=!~:]+/g, '*')

export function parsePanel(search: SearchText, name: PanelName): PanelView {
  const of = (key: string): string => search[`${name}.${key}`] ?? ''
  const level = levelsFrom('INFO').find((each) => each === of('level').toUpperCase())
  const module = of('module')
  return withFilters(name, { q: of('q'), level, module, paused: of('paused') === '1', wrap: search['wrap'] === '1' })
}

/** The address with this panel's view in place of what it had. */
export function formatPanel(search: SearchText, name: PanelName, view: PanelView): SearchText {
  const others = Object.entries(search).filter(([key]) => !key.startsWith(`${name}.`) && key !== 'wrap')
  return {
    ...Object.fromEntries(others),
    ...(view.q === '' ? {} : { [`${name}.q`]: view.q }),
    ...(view.level ? { [`${name}.level`]: view.level.toLowerCase() } : {}),
    ...(view.module === '' ? {} : { [`${name}.module`]: view.module }),
    ...(view.paused ? { [`${name}.paused`]: '1' } : {}),
    ...(view.wrap ? { wrap: '1' } : {}),
  }
}

type Filters = Pick<PanelView, 'q' | 'level' | 'module' | 'paused' | 'wrap'>

function withFilters(name: PanelName, filters: Filters): PanelView {
  return { ...filters, levels: levelsFrom(filters.level), sources: [], scope: moduleScope(name, filters.module) }
}
