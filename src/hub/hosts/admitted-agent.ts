// An agent that was let in, for as long as it is connected: its records go to the storage, and what it tells to those who show it.
import type { AdmittedAgent } from '../../contracts/hosts/host.ts'
import type { RelayPlace } from '../../contracts/hosts/relay.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { Storage } from '../../contracts/storage.ts'
import type { Catalogue } from '../catalogue.ts'
import { hear, type KnownHost } from './known-host.ts'
import { openRemoteRuns, type RemoteRuns } from './remote-runs.ts'

export interface AdmittedOptions {
  host: KnownHost
  /** As it was when the agent came. */
  place: RelayPlace
  storage: Pick<Storage, 'relay'>
  catalogue: Pick<Catalogue, 'recall' | 'knows'>
  session: string
  now(): number
}

export interface AdmittedEvents {
  /** False once another connection has taken its place. */
  isMine(): boolean
  /** Keeps what is known of the hosts. */
  keep(): void
  told(numberOf: RemoteRuns['numberOf']): void
  left(): void
}

export function admittedAgent(options: AdmittedOptions, { isMine, keep, told, left }: AdmittedEvents): AdmittedAgent {
  const { host, place, storage, now } = options
  const runs = openRemoteRuns({ ...options, offsets: place.runs })
  let { through } = place
  told(runs.numberOf)
  return {
    lease: host.offered!,
    ...(through === undefined ? {} : { through }),
    keepsLease() {
      if (!isMine() || host.offered === undefined) return
      host.lease = host.offered
      host.offered = undefined
      keep()
    },
    async take(after, last, frames) {
      if (!isMine()) throw new LogboomError('agent-in-use', `another connection speaks for ${host.name}`)
      const request = { agent: host.agent, host: host.name, through: last, skewMs: host.skewMs }
      const reached = await storage.relay({ ...request, ...(after === undefined ? {} : { after }) }, frames)
      runs.learn(reached.runs)
      host.lastSeenAt = now()
      return (through = host.through = Math.max(through ?? 0, reached.through ?? last))
    },
    tells(state) {
      if (!isMine()) return
      hear(host, state, { through: through ?? 0, now: now() })
      told(runs.numberOf)
    },
    runs: (rows) => void (isMine() && runs.take(rows)),
    left: () => void (isMine() && left()),
  }
}
