// Sources of other hosts as sources of this hub, `HOST/NAME`: as their agents tell of them, and told what to do through them.
import type { SourceConfig } from '../../config/config.ts'
import type { RemoteSource } from '../../contracts/hosts/host.ts'
import type { ControlAction, Source } from '../../contracts/source.ts'
import { formatDuration } from '../../time/duration.ts'
import type { KnownHost } from './known-host.ts'

export interface RemoteSourcesOptions {
  /** Adds a source; false where another has its name. */
  add(config: SourceConfig, source: Source): boolean
  /** Takes an added one away. */
  remove(name: string): void
  isConnected(host: string): boolean
  now(): number
  /** A name that another source has: nothing of it is shown but its lines. */
  clash(name: string): void
  control(host: string, source: string, action: ControlAction): Promise<void>
}

interface Told {
  remote: RemoteSource
  host: KnownHost
  numberOf(source: string, run: number): number
}

export interface RemoteSources {
  /** Takes what the host says of its sources: those that it names no more go. */
  tell(host: KnownHost, numberOf: Told['numberOf']): void
  /** Takes all sources of a host away. */
  forget(host: string): void
}

const remoteType = 'remote'

export function openRemoteSources({
  add,
  remove,
  isConnected,
  control,
  now,
  clash,
}: RemoteSourcesOptions): RemoteSources {
  const told = new Map<string, Told>()
  const configs = new Map<string, SourceConfig>()
  /** Names that other sources have. */
  const clashing = new Set<string>()

  function statusOf(name: string, { remote, host, numberOf }: Told): ReturnType<Source['status']> {
    const { title: _title, controllable: _controllable, ...status } = remote
    const isHere = isConnected(host.name)
    const detail = isHere
      ? remote.detail
      : `${host.name} is not connected; heard last ${formatDuration(now() - host.lastSeenAt)} ago`
    return {
      ...status,
      ...times(status, host.skewMs),
      name,
      run: numberOf(remote.name, status.run),
      host: { name: host.name, connected: isHere },
      ...(detail === undefined ? {} : { detail }),
    }
  }

  function sourceOf(name: string): Source {
    let last = told.get(name)!
    /** State that was told last, for whoever holds one that is gone. */
    const known = (): Told => (last = told.get(name) ?? last)
    return {
      status: () => statusOf(name, known()),
      get control() {
        const { remote, host } = known()
        if (!remote.controllable || !host.control) return undefined
        return (action: ControlAction) => control(host.name, remote.name, action)
      },
      close: () => Promise.resolve(),
    } as Source
  }

  function tellOne(host: KnownHost, remote: RemoteSource, numberOf: Told['numberOf']): void {
    const name = `${host.name}/${remote.name}`
    const options = { title: remote.title, group: host.name }
    const isKnown = configs.has(name)
    told.set(name, { remote, host, numberOf })
    const config = configs.get(name) ?? { type: remoteType, name, options }
    config.options = options
    configs.set(name, config)
    if (isKnown || add(config, sourceOf(name))) return
    clashing.add(name)
    clash(name)
  }

  /** Takes all sources of the host away but these. */
  function forget(host: string, but: readonly RemoteSource[] = []): void {
    const stay = new Set(but.map(({ name }) => `${host}/${name}`))
    for (const name of [...told].flatMap(([name, each]) => (each.host.name === host && !stay.has(name) ? name : []))) {
      if (!clashing.delete(name)) remove(name)
      told.delete(name)
      configs.delete(name)
    }
  }

  return {
    tell(host, numberOf) {
      forget(host.name, host.sources)
      for (const remote of host.sources) tellOne(host, remote, numberOf)
    },
    forget,
  }
}

/** By the clock of this machine. */
function times({ startedAt, restartAt }: RemoteSource | Omit<RemoteSource, 'title' | 'controllable'>, skewMs: number) {
  return {
    ...(startedAt === undefined ? {} : { startedAt: startedAt + skewMs }),
    ...(restartAt === undefined ? {} : { restartAt: restartAt + skewMs }),
  }
}
