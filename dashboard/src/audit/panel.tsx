// One panel of the Audit page: its head, its lines, the record that was opened, its foot.
import { Link, useNavigate } from '@tanstack/react-router'
import { ScrollText, ShieldCheck, ShieldOff } from 'lucide-react'
import type { ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { Details } from '../logs/details.tsx'
import { useCounts } from '../logs/feed/use-counts.ts'
import { ListFoot } from '../logs/list/list-foot.tsx'
import { LogPane } from '../logs/list/log-pane.tsx'
import { Code } from '../ui/code.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { auditRow, systemRow } from './panel-rows.tsx'
import { PanelToolbar } from './panel-toolbar.tsx'
import type { PanelName } from './panel-view.ts'
import type { PanelState } from './use-panel.ts'

interface PanelProps {
  panel: PanelState
  /** The keys are this panel's. */
  isActive: boolean
  onActivate(): void
}

export const panelTitles: Record<PanelName, string> = { system: 'System', audit: 'Audit' }

export function Panel({ panel, isActive, onActivate }: PanelProps): ReactElement {
  const { name, page, lines } = panel
  const { view, selected, select, change } = page
  const { perSecond } = useCounts(lines.feed)
  const me = useStore(useHub().me)
  const navigate = useNavigate()
  const isGranted = name === 'system' || !me || me.kinds.includes('audit')
  return (
    <section
      aria-label={`${panelTitles[name]} lines`}
      data-testid={`panel-${name}`}
      data-active={isActive}
      onFocusCapture={onActivate}
      onPointerDownCapture={onActivate}
      className="relative flex min-h-0 min-w-0 flex-1 flex-col border-line-strong not-first:border-l"
    >
      {isGranted ? (
        <>
          <PanelToolbar panel={panel} title={panelTitles[name]} pauseKeys={name === 'system' ? 'p' : 'P'} />
          <LogPane page={page} lines={lines} form={name === 'audit' ? auditRow : systemRow} empty={empty[name]} />
        </>
      ) : (
        <EmptyState icon={ShieldOff} title="Audit lines are not granted to you">
          <p>
            They tell who did what. An admin can grant them:{' '}
            <Code>{`logboom user grant ${me.name} --kind system,event,gap,audit`}</Code>
          </p>
        </EmptyState>
      )}
      {selected?.isOpen ? (
        <Details
          record={selected.record}
          place="below"
          onClose={() => select({ ...selected, isOpen: false })}
          onContext={(id) => void navigate({ to: '/logs', search: { at: String(id) } })}
          onNarrow={(term) => change({ q: `${view.q} ${term}`.trim() })}
        />
      ) : null}
      {isGranted ? <ListFoot mode={page.mode} snapshot={lines.snapshot} perSecond={perSecond} /> : null}
    </section>
  )
}

const empty: Record<PanelName, ReactElement> = {
  system: (
    <EmptyState icon={ScrollText} title="No lines yet">
      <p>What your processes print appears here the moment they print it, but for what is audit.</p>
    </EmptyState>
  ),
  audit: (
    <EmptyState icon={ShieldCheck} title="Nothing is audited yet">
      <p>
        A line is audit when its logger is called <Code>audit.…</Code>, its message begins with <Code>[AUDIT]</Code>, or
        its field <Code>is_audit</Code> is true. What is done through this hub is told here, too.
      </p>
      <Link to="/processes" className="font-medium text-accent hover:underline">
        Restart a process, and see
      </Link>
    </EmptyState>
  ),
}
