// Sources of other hosts as sources of this hub, `HOST/NAME`: as their agents tell of them, and told what to do through them.
import type { SourceConfig } from '../../config/config.ts'
import type { RemoteSource } from '../../contracts/hosts/host.ts'
import type { ControlAction, Source } from '../../contracts/source.ts'
import { formatDuration } from '../../time/duration.ts'
import type { KnownHost } from './known-host.ts'

export interface RemoteSourcesOptions {
  /** Adds a source; false where another has its name. */
  add(config: SourceConfig, source: Source): boolean
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
  /** Takes what the host says of its sources. */
  tell(host: KnownHost, numberOf: Told['numberOf']): void
}

const remoteType = 'remote'

export function openRemoteSources({ add, isConnected, control, now, clash }: RemoteSourcesOptions): RemoteSources {
  const told = new Map<string, Told>()
  const configs = new Map<string, SourceConfig>()

  function statusOf(name: string): ReturnType<Source['status']> {
    const { remote, host, numberOf } = told.get(name)!
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
    return {
      status: () => statusOf(name),
      get control() {
        const { remote, host } = told.get(name)!
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
    if (!isKnown && !add(config, sourceOf(name))) clash(name)
  }

  return {
    tell(host, numberOf) {
      for (const remote of host.sources) tellOne(host, remote, numberOf)
    },
  }
}

/** By the clock of this machine. */
function times({ startedAt, restartAt }: RemoteSource | Omit<RemoteSource, 'title' | 'controllable'>, skewMs: number) {
  return {
    ...(startedAt === undefined ? {} : { startedAt: startedAt + skewMs }),
    ...(restartAt === undefined ? {} : { restartAt: restartAt + skewMs }),
  }
}
