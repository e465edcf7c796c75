// How the hub is called in the addresses that it prints: one that listens everywhere has no single name.
import { networkInterfaces } from 'node:os'

const everywhere = new Set(['0.0.0.0', '::', '[::]'])

/** By people on any machine that reaches it. */
export function shownHost(host: string, hosts: readonly string[]): string {
  const [named] = hosts
  if (named !== undefined) return named
  return everywhere.has(host) ? (ownAddress() ?? localHost(host)) : bracketed(host)
}

/** By programs of this machine. */
export function localHost(host: string): string {
  if (!everywhere.has(host)) return bracketed(host)
  return host === '0.0.0.0' ? '127.0.0.1' : '[::1]'
}

function ownAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address
}

const bracketed = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host)
