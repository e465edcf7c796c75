// System and audit lines side by side, both live; where there is no room for two, one of them at a time.
import { useEffect, useRef, useState, type ReactElement } from 'react'
import { formatCount } from '../../../src/text/amounts.ts'
import { useSearchText } from '../app/use-search.ts'
import { useLogKeys } from '../logs/use-log-keys.ts'
import { classNames } from '../ui/class-names.ts'
import { useTwoColumns } from '../ui/use-media.ts'
import { Panel, panelTitles } from './panel.tsx'
import { panelNames, type PanelName } from './panel-view.ts'
import { usePanel, type PanelState } from './use-panel.ts'

export function AuditPage(): ReactElement {
  const system = usePanel('system')
  const audit = usePanel('audit')
  const [search, setSearch] = useSearchText()
  const tab: PanelName = search['tab'] === 'audit' ? 'audit' : 'system'
  const [focused, setFocused] = useState<PanelName>(tab)
  const hasRoom = useTwoColumns()
  const active = hasRoom ? focused : tab
  const columns = useRef<HTMLDivElement>(null)
  const panels = { system, audit }

  const setTab = (name: PanelName): void => {
    const { tab: _, ...others } = search
    setSearch(name === 'audit' ? { ...others, tab: name } : others)
  }
  const toOther = (): void => {
    const other = active === 'system' ? 'audit' : 'system'
    setFocused(other)
    if (!hasRoom) return setTab(other)
    columns.current?.querySelector<HTMLElement>(`[data-testid=panel-${other}] [data-testid=log-list]`)?.focus()
  }
  useLogKeys(system.page, system.lines, system.input, {
    isActive: active === 'system',
    more: [
      { key: 'p', run: system.page.togglePause },
      { key: 'P', run: audit.page.togglePause },
      { key: 'F6', run: toOther, always: true },
    ],
  })
  useLogKeys(audit.page, audit.lines, audit.input, { isActive: active === 'audit' })
  useEffect(() => {
    document.title = 'Audit · Logboom'
  }, [])

  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">System and audit</h1>
      {hasRoom ? null : <Tabs panels={panels} chosen={tab} onChoose={setTab} />}
      <div ref={columns} className="flex min-h-0 flex-1">
        {panelNames.map((name) =>
          hasRoom || name === tab ? (
            <Panel key={name} panel={panels[name]} isActive={active === name} onActivate={() => setFocused(name)} />
          ) : null,
        )}
      </div>
    </div>
  )
}

interface TabsProps {
  panels: Record<PanelName, PanelState>
  chosen: PanelName
  onChoose(name: PanelName): void
}

function Tabs({ panels, chosen, onChoose }: TabsProps): ReactElement {
  return (
    <div role="tablist" aria-label="Panels" className="flex shrink-0 border-b border-line bg-surface">
      {panelNames.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === chosen}
          data-testid={`tab-${name}`}
          onClick={() => onChoose(name)}
          className={classNames(
            'flex h-11 flex-1 items-center justify-center gap-2 text-xs font-medium',
            name === chosen ? 'text-text shadow-[inset_0_-2px_var(--accent)]' : 'text-soft',
          )}
        >
          {panelTitles[name]}
          <span className="text-faint tabular-nums">{formatCount(panels[name].tally?.total ?? 0)}</span>
        </button>
      ))}
    </div>
  )
}
