// All routes of the API: the one table that server, client and docs read. The shapes of requests lie beside it, in
// request-shapes.ts, so that a page does not load them.
import type { Answers } from './route-types.ts'

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'WebSocket'
  /** With `:name` where a value stands. */
  path: string
  /**
   * The least role that may ask, once there are users; `sender`: whoever may only hand in records; `agent`: the agent of a host; `caller`: whoever is known;
   * `anyone`: those, too, who have not signed in.
   */
  who: 'viewer' | 'operator' | 'admin' | 'sender' | 'agent' | 'caller' | 'anyone'
  /** The action under which the hub's audit log tells of it; absent: it does not. */
  audit?: string
  /** For people, as in docs/api.md. */
  about: string
}

/** Answers of the others are no single JSON value. */
export type RouteName = keyof Answers | 'export' | 'follow' | 'followSocket' | 'status' | JobRoute
/** Spoken by orchestrators, in shapes of their own: see job-messages.ts. */
type JobRoute =
  | 'registerJob'
  | 'addJobLogs'
  | 'jobLogs'
  | 'jobStatus'
  | 'completeJob'
  | 'failJob'
  | 'orchestrator'
  | 'agent'

export const routes: Readonly<Record<RouteName, Route>> = {
  healthz: { method: 'GET', path: '/healthz', who: 'anyone', about: 'Whether the process lives' },
  readyz: { method: 'GET', path: '/readyz', who: 'anyone', about: 'Whether it serves and can write its store' },
  hub: { method: 'GET', path: '/api/v1/hub', who: 'viewer', about: 'What this hub is' },
  shutdown: { method: 'POST', path: '/api/v1/shutdown', who: 'admin', audit: 'shutdown', about: 'Ends it' },
  sources: { method: 'GET', path: '/api/v1/sources', who: 'viewer', about: 'All sources and their state' },
  processes: {
    method: 'GET',
    path: '/api/v1/sources/:name/processes',
    who: 'viewer',
    about: 'All processes that belong to one',
  },
  control: {
    method: 'POST',
    path: '/api/v1/sources/:name/:action',
    who: 'operator',
    audit: 'control',
    about: 'Controls a process: `start`, `stop` or `restart`',
  },
  controlMany: {
    method: 'POST',
    path: '/api/v1/control',
    who: 'operator',
    audit: 'control',
    about: 'Controls several',
  },
  scale: {
    method: 'POST',
    path: '/api/v1/scale',
    who: 'operator',
    audit: 'scale',
    about: 'Changes how many instances run',
  },
  setLevel: {
    method: 'PUT',
    path: '/api/v1/sources/:name/level',
    who: 'operator',
    audit: 'level',
    about: 'Changes the least level that is shown, or captured',
  },
  services: { method: 'GET', path: '/api/v1/services', who: 'admin', about: 'Services that are switched off' },
  setService: {
    method: 'PUT',
    path: '/api/v1/services/:name',
    who: 'admin',
    audit: 'service',
    about: 'Switches what is shown, or captured, of a service',
  },
  status: { method: 'WebSocket', path: '/api/v1/status', who: 'viewer', about: 'Hub and sources, pushed' },
  search: { method: 'GET', path: '/api/v1/search', who: 'viewer', about: 'A page of the log' },
  summary: {
    method: 'GET',
    path: '/api/v1/summary',
    who: 'viewer',
    about: 'Count, histogram, facets, templates, fields',
  },
  complete: {
    method: 'GET',
    path: '/api/v1/complete',
    who: 'viewer',
    about: 'What could be typed at a place in a query',
  },
  context: {
    method: 'GET',
    path: '/api/v1/context',
    who: 'viewer',
    about: 'What came before and after a record',
  },
  export: {
    method: 'GET',
    path: '/api/v1/export',
    who: 'viewer',
    audit: 'export',
    about: 'Any number of records as a file',
  },
  ingest: { method: 'POST', path: '/api/v1/ingest', who: 'sender', about: 'Takes in records' },
  follow: {
    method: 'GET',
    path: '/api/v1/follow',
    who: 'viewer',
    about: 'History, then live, as server-sent events',
  },
  followSocket: { method: 'WebSocket', path: '/api/v1/follow', who: 'viewer', about: 'The same over WebSocket' },
  jobs: { method: 'GET', path: '/api/v1/jobs', who: 'viewer', about: 'Jobs of orchestrators and schedules' },
  runs: { method: 'GET', path: '/api/v1/runs', who: 'viewer', about: 'Runs of all sources' },
  sessions: { method: 'GET', path: '/api/v1/sessions', who: 'viewer', about: 'Lives of the hub' },
  registerJob: {
    method: 'POST',
    path: '/api/internal/jobs',
    who: 'sender',
    audit: 'job_register',
    about: 'Registers a job',
  },
  addJobLogs: {
    method: 'POST',
    path: '/api/internal/jobs/:jobId/logs',
    who: 'sender',
    about: 'Takes in lines of a job',
  },
  jobLogs: { method: 'GET', path: '/api/internal/jobs/:jobId/logs', who: 'viewer', about: 'All lines of a job' },
  jobStatus: {
    method: 'PUT',
    path: '/api/internal/jobs/:jobId/status',
    who: 'sender',
    audit: 'job_status',
    about: 'Says how a job is',
  },
  completeJob: {
    method: 'POST',
    path: '/api/internal/jobs/:jobId/complete',
    who: 'sender',
    audit: 'job_complete',
    about: 'Says that a job has ended',
  },
  failJob: {
    method: 'POST',
    path: '/api/internal/jobs/:jobId/fail',
    who: 'sender',
    audit: 'job_fail',
    about: 'Says that a job has failed',
  },
  orchestrator: {
    method: 'WebSocket',
    path: '/ws/orchestrator',
    who: 'sender',
    about: 'Takes in lines and news of jobs, one by one',
  },
  agent: { method: 'WebSocket', path: '/api/v1/agent', who: 'agent', about: 'Takes in what the sources of a host say' },
  hosts: { method: 'GET', path: '/api/v1/hosts', who: 'viewer', about: 'Hosts and their agents' },
  clients: { method: 'GET', path: '/api/v1/clients', who: 'admin', about: 'Who follows, in figures' },
  store: { method: 'GET', path: '/api/v1/store', who: 'viewer', about: 'What is stored, in figures' },
  retain: {
    method: 'POST',
    path: '/api/v1/store/retain',
    who: 'admin',
    audit: 'retain',
    about: 'Removes what is too old or too much',
  },
  setRetention: {
    method: 'PUT',
    path: '/api/v1/store/retention',
    who: 'admin',
    audit: 'retention',
    about: 'Changes how long records are kept',
  },
  me: { method: 'GET', path: '/api/v1/me', who: 'caller', about: 'Who asks, and what they may' },
  signIn: { method: 'POST', path: '/api/v1/sign-in', who: 'anyone', audit: 'sign_in', about: 'Begins a session' },
  signOut: {
    method: 'POST',
    path: '/api/v1/sign-out',
    who: 'caller',
    audit: 'sign_out',
    about: 'Ends it, or all of them',
  },
  changeOwnPassword: {
    method: 'POST',
    path: '/api/v1/me/password',
    who: 'caller',
    audit: 'password_change',
    about: 'Changes one’s own password',
  },
  users: { method: 'GET', path: '/api/v1/users', who: 'admin', about: 'All users and their grants' },
  addUser: { method: 'POST', path: '/api/v1/users', who: 'admin', audit: 'user_add', about: 'Adds a user' },
  changeUser: {
    method: 'POST',
    path: '/api/v1/users/grant',
    who: 'admin',
    audit: 'user_grant',
    about: 'Changes role, grants or password',
  },
  removeUser: {
    method: 'POST',
    path: '/api/v1/users/remove',
    who: 'admin',
    audit: 'user_remove',
    about: 'Removes a user',
  },
  endSessions: {
    method: 'POST',
    path: '/api/v1/users/sign-out',
    who: 'admin',
    audit: 'user_sign_out',
    about: 'Ends all sessions of a user',
  },
  addLink: {
    method: 'POST',
    path: '/api/v1/users/link',
    who: 'admin',
    audit: 'user_link',
    about: 'Makes a link that signs in once',
  },
  tokens: { method: 'GET', path: '/api/v1/tokens', who: 'admin', about: 'All tokens, without their secrets' },
  addToken: { method: 'POST', path: '/api/v1/tokens', who: 'admin', audit: 'token_add', about: 'Makes a token' },
  revokeToken: {
    method: 'POST',
    path: '/api/v1/tokens/revoke',
    who: 'admin',
    audit: 'token_revoke',
    about: 'Ends a token',
  },
}

/** The path with these values in it. */
export function pathOf(name: RouteName, values: Readonly<Record<string, string>> = {}): string {
  return routes[name].path.replaceAll(/:(\w+)/g, (_, key: string) => encodeURIComponent(values[key] ?? ''))
}
