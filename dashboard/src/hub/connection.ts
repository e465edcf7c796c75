// Whether the page hears from the hub, made out of the client's states: how long it has been away, not only that it is.
import type { ConnectionState } from '../../../src/client/index.ts'

export type Connection = { state: 'connecting' } | { state: 'live' } | { state: 'lost'; since: number }

/** After this long the hub is not just restarting. */
export const goneAfterMs = 10_000

export function nextConnection(now: Connection, state: ConnectionState): Connection {
  if (state === 'live') return now.state === 'live' ? now : { state: 'live' }
  // A connection that is being tried is not back yet.
  if (now.state === 'lost') return now
  return state === 'lost' ? { state: 'lost', since: Date.now() } : { state: 'connecting' }
}
