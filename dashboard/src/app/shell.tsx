// The frame around every page: navigation, connection, session, theme, banners.
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { BriefcaseBusiness, History, Keyboard, LayoutGrid, ScrollText, Search, Server, ShieldCheck } from 'lucide-react'
import { useState, type ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { Account } from './account.tsx'
import { Banners } from './banners.tsx'
import { CommandPalette } from './command-palette.tsx'
import { ConnectionState } from './connection-state.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { useShortcuts } from './shortcuts.ts'
import { ThemeSwitch } from './theme-switch.tsx'
import { nextTheme } from './theme.ts'

const pages = [
  { to: '/processes', title: 'Processes', icon: LayoutGrid, key: '1' },
  { to: '/logs', title: 'Logs', icon: ScrollText, key: '2' },
  { to: '/audit', title: 'Audit', icon: ShieldCheck, key: '3' },
  { to: '/jobs', title: 'Jobs', icon: BriefcaseBusiness, key: '4' },
  { to: '/runs', title: 'Runs', icon: History, key: '5' },
  { to: '/hosts', title: 'Hosts', icon: Server, key: '6' },
] as const

export function Shell(): ReactElement {
  const navigate = useNavigate()
  const [sheet, setSheet] = useState(false)
  const [palette, setPalette] = useState(false)
  const hub = useHub()
  // Most hubs have no other host, and no use for its page.
  const hasHosts = useStore(hub.names).some((name) => hub.source(name).get()?.host !== undefined)
  useShortcuts([
    ...pages.map(({ to, key }) => ({ key, run: () => void navigate({ to }) })),
    { key: '?', run: () => setSheet(true) },
    { key: 't', run: nextTheme },
    { key: 'mod+k', run: () => setPalette(true), always: true },
  ])
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-11 shrink-0 items-center gap-1 border-b border-line bg-surface pr-2 pl-3 sm:gap-3 sm:pl-4">
        <Link
          to="/processes"
          className="flex items-center gap-2 rounded font-semibold tracking-tight"
          aria-label="Logboom"
        >
          <Mark />
          <span className="hidden sm:inline">Logboom</span>
        </Link>
        <nav
          aria-label="Pages"
          className="flex h-full min-w-0 items-stretch overflow-x-auto [scrollbar-width:none] sm:ml-2 sm:gap-1"
        >
          {pages
            .filter(({ to }) => hasHosts || to !== '/hosts')
            .map(({ to, title, icon: Icon, key }) => (
              <Tooltip key={to} text={title} keys={key}>
                <Link
                  to={to}
                  className="group relative flex items-center gap-1.5 px-1.5 text-xs sm:px-2 font-medium text-soft transition-colors hover:text-text data-[status=active]:text-text data-[status=active]:after:absolute data-[status=active]:after:inset-x-2 data-[status=active]:after:bottom-0 data-[status=active]:after:h-0.5 data-[status=active]:after:rounded-full data-[status=active]:after:bg-accent"
                >
                  <Icon className="size-3.5" aria-hidden />
                  {/* A phone has room for the name of the page that is shown. */}
                  <span className="max-md:group-not-data-[status=active]:sr-only">{title}</span>
                </Link>
              </Tooltip>
            ))}
        </nav>
        <div className="ml-auto flex min-w-0 items-center gap-0.5 sm:gap-1">
          <Session />
          <ConnectionState />
          <Account />
          <span className="mx-1 hidden h-4 w-px bg-line sm:block" aria-hidden />
          <Tooltip text="Go to or do anything" keys="Ctrl K">
            <Button icon aria-label="Open the command palette" onClick={() => setPalette(true)}>
              <Search aria-hidden />
            </Button>
          </Tooltip>
          <Tooltip text="Keyboard" keys="?">
            <Button icon className="max-sm:hidden" aria-label="Show keyboard shortcuts" onClick={() => setSheet(true)}>
              <Keyboard aria-hidden />
            </Button>
          </Tooltip>
          <ThemeSwitch />
        </div>
      </header>
      <Banners />
      <main className="min-h-0 flex-1">
        <Outlet />
      </main>
      <ShortcutSheet open={sheet} onOpenChange={setSheet} />
      <CommandPalette open={palette} onOpenChange={setPalette} showKeys={() => setSheet(true)} />
    </div>
  )
}

function Session(): ReactElement | null {
  const hub = useStore(useHub().hub)
  if (!hub) return null
  // Those who see only some of the log are told neither paths nor processes of the hub.
  const facts = [
    `Session ${hub.session}`,
    ...(hub.sessionFile === undefined ? [] : [`file ${hub.sessionFile}`]),
    `Logboom ${hub.version}`,
    ...(hub.pid === undefined ? [] : [`process ${hub.pid}`]),
  ]
  return (
    <Tooltip text={facts.join(' · ')}>
      <span
        tabIndex={0}
        data-testid="session"
        className="mr-2 hidden truncate rounded font-mono text-2xs text-faint lg:block"
      >
        {hub.session}
      </span>
    </Tooltip>
  )
}

function Mark(): ReactElement {
  return (
    <svg viewBox="0 0 20 20" className="size-5" fill="none" strokeWidth="2.6" strokeLinecap="round" aria-hidden>
      <path d="M3 5h10" stroke="#e08f2e" />
      <path d="M3 10h14" stroke="var(--accent)" />
      <path d="M3 15h8" stroke="var(--good)" />
    </svg>
  )
}
