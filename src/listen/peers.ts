// Peers that may send to a source that listens: this machine, and those that the configuration names.
import { BlockList, isIP, isIPv6 } from 'node:net'
import { isLoopback } from '../system/loopback.ts'

export interface Peers {
  mayCome(address: string): boolean
}

/** Addresses and networks, `10.0.0.7` and `10.0.0.0/8`. */
export function openPeers(allow: readonly string[]): Peers {
  const list = new BlockList()
  for (const text of allow) {
    const { address, bits } = parseNetwork(text)!
    list.addSubnet(address, bits, familyOf(address))
  }
  return { mayCome: (address) => isLoopback(address) || list.check(address, familyOf(address)) }
}

/** A socket for both families tells of IPv4 as `::ffff:10.0.0.7`. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined
}

function parseNetwork(text: string): { address: string; bits: number } | undefined {
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text)
  const version = match ? isIP(match[1]!) : 0
  if (version === 0) return undefined
  const most = version === 4 ? 32 : 128
  const bits = Number(match![2] ?? most)
  return bits > most ? undefined : { address: match![1]!, bits }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
