// How many datagrams the kernel threw away because they came faster than they were read: Linux tells, in a table of all
// sockets, of which ours is the one bound to our address.
import { readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { endianness } from 'node:os'
import type { ListenAddress } from './listen-address.ts'

/** Of the socket with this address, since it is there; undefined where nobody tells. */
export function readKernelDrops(address: ListenAddress): number | undefined {
  try {
    return findDrops(readFileSync(`/proc/self/net/${isIPv6(address.host) ? 'udp6' : 'udp'}`, 'latin1'), address)
  } catch {
    return undefined
  }
}

/** `table` as `/proc/net/udp` has it. */
export function findDrops(table: string, { host, port }: ListenAddress): number | undefined {
  const address = `${hexAddress(host)}:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/))
  const drops = Number(rows.find((columns) => columns[1] === address)?.at(-1))
  return Number.isNaN(drops) ? undefined : drops
}

/** In words of four bytes, each in this machine's order. */
function hexAddress(host: string): string {
  const bytes = Buffer.from(isIPv6(host) ? ipv6Bytes(host) : host.split('.').map(Number))
  if (endianness() === 'LE') bytes.swap32()
  return bytes.toString('hex').toUpperCase()
}

function ipv6Bytes(host: string): number[] {
  // URLs write addresses without IPv4 in them.
  const [head = '', tail = ''] = new URL(`http://[${host}]`).hostname.slice(1, -1).split('::')
  const [first, last] = [head, tail].map((part) => (part === '' ? [] : part.split(':'))) as [string[], string[]]
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return [...first, ...zeros, ...last].map((word) => parseInt(word, 16)).flatMap((word) => [word >> 8, word & 0xff])
}
