// Keeps a listener open: an address that is taken, or not allowed, is tried again until it can be had.
import { setTimeout as sleep } from 'node:timers/promises'
import { formatListenAddress, type ListenAddress } from './listen-address.ts'
import type { Listener } from './listener.ts'

export interface KeptListener {
  isOpen(): boolean
  /** For people. */
  detail(): string
  close(): Promise<void>
}

export interface KeepOptions {
  /** `udp` or `tcp`. */
  protocol: string
  address: ListenAddress
  open(): Promise<Listener>
  /** Something that people should know. */
  tell(isGood: boolean, message: string): void
  /** `detail` says something else. */
  changed(): void
}

const retryMs = 2000

export function keepListening({ protocol, address, open, tell, changed }: KeepOptions): KeptListener {
  const closing = new AbortController()
  const { signal } = closing
  let listener: Listener | undefined
  let trouble: string | undefined
  const shown = (at: ListenAddress): string => `${protocol} ${formatListenAddress(at)}`

  function fail(error: Error): void {
    const text = `cannot listen on ${shown(address)}: ${explainListenError(error, address)}`
    if (trouble !== text) tell(false, `${text}; tried again until it can`)
    trouble = text
    changed()
  }

  async function run(): Promise<void> {
    const left = new Promise<'left'>((resolve) => void signal.addEventListener('abort', () => resolve('left')))
    while (!signal.aborted) {
      try {
        listener = await open()
        trouble = undefined
        tell(true, `listens on ${shown(listener.address)}`)
        changed()
        const error = await Promise.race([listener.failed, left])
        await listener.close()
        listener = undefined
        if (error !== 'left') fail(error)
      } catch (error) {
        fail(error as Error)
      }
      await sleep(retryMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }
  const running = run()

  return {
    isOpen: () => listener !== undefined,
    detail() {
      if (!listener) return trouble ?? `is about to listen on ${shown(address)}`
      const more = listener.detail?.()
      return `listens on ${shown(listener.address)}${more ? ` (${more})` : ''}`
    },
    async close() {
      closing.abort()
      await running
    },
  }
}

export function explainListenError(error: Error, { port }: ListenAddress): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return 'another program has this address'
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address'
  if (code === 'EACCES' && port < 1024) return 'ports below 1024 are for root; take a higher one, such as 5514'
  return message
}
