// Addresses → pages. Parameters are plain text (`?levels=ERROR&wrap=1`), so that an address can be read and typed.
import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { AuditPage } from '../audit/audit-page.tsx'
import { AccessPage } from '../access/access-page.tsx'
import { AccountPage } from '../access/account-page.tsx'
import { HostsPage } from '../hosts/hosts-page.tsx'
import { basePath } from '../hub/place.ts'
import { LogsPage } from '../logs/logs-page.tsx'
import { ProcessesPage } from '../processes/processes-page.tsx'
import { RunPage } from '../runs/run-page.tsx'
import { JobsPage, RunsPage } from '../runs/runs-page.tsx'
import { SessionsPage } from '../runs/sessions-page.tsx'
import { Shell } from './shell.tsx'

type Search = Record<string, string>

const plain = (search: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(search)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([key, value]) => [key, String(value)]),
  )

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: ProcessesPage, validateSearch: plain })
const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/processes', replace: true })
  },
})
const processesRoute = createRoute({ getParentRoute: () => rootRoute, path: '/processes', component: ProcessesPage })
const logsRoute = createRoute({ getParentRoute: () => rootRoute, path: '/logs', component: LogsPage })
const auditRoute = createRoute({ getParentRoute: () => rootRoute, path: '/audit', component: AuditPage })
const jobsRoute = createRoute({ getParentRoute: () => rootRoute, path: '/jobs', component: JobsPage })
const jobRoute = createRoute({ getParentRoute: () => rootRoute, path: '/jobs/$jobId', component: RunPage })
const runsRoute = createRoute({ getParentRoute: () => rootRoute, path: '/runs', component: RunsPage })
const runRoute = createRoute({ getParentRoute: () => rootRoute, path: '/runs/$source/$run', component: RunPage })
const sessionsRoute = createRoute({ getParentRoute: () => rootRoute, path: '/runs/sessions', component: SessionsPage })

const hostsRoute = createRoute({ getParentRoute: () => rootRoute, path: '/hosts', component: HostsPage })
const accessRoute = createRoute({ getParentRoute: () => rootRoute, path: '/access', component: AccessPage })
const accountRoute = createRoute({ getParentRoute: () => rootRoute, path: '/account', component: AccountPage })

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    processesRoute,
    logsRoute,
    auditRoute,
    jobsRoute,
    jobRoute,
    runsRoute,
    runRoute,
    sessionsRoute,
    hostsRoute,
    accessRoute,
    accountRoute,
  ]),
  basepath: basePath,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(plain(search)).toString()
    return text === '' ? '' : `?${text}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
