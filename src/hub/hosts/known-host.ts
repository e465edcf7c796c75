// A host as the hub knows and keeps it: from what its agent says of itself, when it comes and later.
import type { AgentHello, AgentState, HostView, RemoteSource } from '../../contracts/hosts/host.ts'

export interface KnownHost extends Omit<HostView, 'connected' | 'connectedAt' | 'sources' | 'lag'> {
  /** Id of the state directory of its agent. */
  agent: string
  /** Word that the agent has kept. */
  lease?: string | undefined
  /** Word that it was given and may not have kept. */
  offered?: string | undefined
  /** As it told of them last. */
  sources: RemoteSource[]
  /** The agent's id of its last record, as it said last, and of the last that is here. */
  head: number
  through: number
  /** Messages in a row by which its clock seems slower than it was taken for. */
  slowCount?: number | undefined
}

/** Clocks that differ by less are taken to agree. */
const agreeingMs = 5000
/** A message that was long on its way looks like a slow clock; so many in a row are believed. */
const believedSlow = 3

const unheard = {
  spoolBytes: 0,
  spoolLimitBytes: 0,
  whenFull: 'block',
  head: 0,
  through: 0,
  lagMs: 0,
  dropped: 0,
  sources: [],
} as const

export function hostOf(
  { host: name, agent, version, control, time }: AgentHello,
  { address, now, before }: { address: string; now: number; before: KnownHost | undefined },
): KnownHost {
  const isSame = before?.agent === agent
  return {
    ...unheard,
    ...before,
    sources: before?.sources ?? [],
    ...(isSame ? {} : { lease: undefined, offered: undefined }),
    name,
    agent,
    version,
    control,
    address,
    lastSeenAt: now,
    skewMs: skewOf(time, now),
    trouble: [],
  }
}

/** Takes what the agent tells of itself; `through`: its id up to which all is here. */
export function hear(host: KnownHost, state: AgentState, { through, now }: { through: number; now: number }): void {
  const { spoolBytes, spoolLimitBytes, whenFull, dropped, trouble, head, oldestAt, time } = state
  const sources = sourcesBy(state, host.sources)
  const lagMs = oldestAt === undefined ? 0 : Math.max(0, time - oldestAt)
  const told = { spoolBytes, spoolLimitBytes, whenFull, dropped, trouble, sources, head, through, lagMs }
  Object.assign(host, told, nextSkew(host, skewOf(time, now)), { lastSeenAt: now })
}

/** Sources that are not open yet stay as they were. */
function sourcesBy({ sources, opening = false }: AgentState, before: readonly RemoteSource[]): RemoteSource[] {
  if (!opening) return sources
  const told = new Set(sources.map(({ name }) => name))
  return [...sources, ...before.filter(({ name }) => !told.has(name))]
}

/** Nothing arrives before it was sent: a clock that seems faster than it was taken for is so. */
export function nextSkew(
  { skewMs, slowCount = 0 }: Pick<KnownHost, 'skewMs' | 'slowCount'>,
  seenMs: number,
): Pick<KnownHost, 'skewMs' | 'slowCount'> {
  if (seenMs < skewMs - agreeingMs) return { skewMs: seenMs, slowCount: 0 }
  if (seenMs <= skewMs + agreeingMs) return { skewMs, slowCount: 0 }
  return slowCount + 1 < believedSlow ? { skewMs, slowCount: slowCount + 1 } : { skewMs: seenMs, slowCount: 0 }
}

function skewOf(time: number, now: number): number {
  const skewMs = now - time
  return Math.abs(skewMs) < agreeingMs ? 0 : Math.round(skewMs)
}

export function describeSkew({ skewMs }: Pick<KnownHost, 'skewMs'>): string {
  if (skewMs === 0) return ''
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  return `; its clock is ${seconds} s ${skewMs > 0 ? 'slow' : 'fast'}, which is allowed for`
}

export function viewOf(known: KnownHost, there?: { connectedAt: number }): HostView {
  const {
    agent: _agent,
    lease: _lease,
    offered: _offered,
    slowCount: _slowCount,
    sources,
    head,
    through,
    ...host
  } = known
  const lag = Math.max(0, head - through)
  return {
    ...host,
    lag,
    lagMs: lag === 0 ? 0 : host.lagMs,
    connected: there !== undefined,
    ...(there ? { connectedAt: there.connectedAt } : {}),
    sources: sources.length,
  }
}
