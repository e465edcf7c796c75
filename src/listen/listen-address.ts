// The address that a source listens at, as people write it: a port of this machine, or host and port.
import { isIPv6 } from 'node:net'

export interface ListenAddress {
  host: string
  /** 0 for any free one. */
  port: number
}

/** `5514`, `127.0.0.1:5514`, `[::1]:5514`, `localhost:5514`; undefined when it is none. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:(\[[\da-f:.]+\]|[\w.-]+):)?(\d{1,5})$/i.exec(text)
  if (!match) return undefined
  const host = (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, '').toLowerCase()
  const port = Number(match[2])
  if (port > 65_535 || (match[1]?.startsWith('[') && !isIPv6(host))) return undefined
  // Not left to the resolver, so that UDP and TCP mean the same.
  return { host: host === 'localhost' ? '127.0.0.1' : host, port }
}

export function formatListenAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
