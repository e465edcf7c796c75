// The address that a request comes from, by which failures to sign in are counted and the audit log tells who it was: that of the
// connection, or the one that a proxy on this machine tells. Programs here could tell any; for each user failures are counted anyway.
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { plainAddress } from '../../listen/peers.ts'
import { isLoopback } from '../../system/loopback.ts'

export function peerOf({
  socket: { remoteAddress = '' },
  headers,
}: Pick<IncomingMessage, 'socket' | 'headers'>): string {
  const address = plainAddress(remoteAddress)
  // The last one was added by the proxy that is connected, those before it by whoever asked that one.
  const told = [headers['x-forwarded-for']].flat().at(-1)?.split(',').at(-1)?.trim() ?? ''
  return isLoopback(address) && isIP(told) ? told : address
}
