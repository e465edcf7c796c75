// Tells the hub how the sources of this host are: soon after something has changed, and now and then in any case, since figures always do.
import type { AgentState } from '../contracts/hosts/host.ts'
import type { AgentMessage } from '../wire/agent-messages.ts'

export interface StateTeller {
  /** Resolves when it is told. */
  tell(): Promise<void>
  /** Something has changed. */
  soon(): void
  close(): void
}

export interface StateTellerOptions {
  state(): Promise<Omit<AgentState, 'time'>>
  /** Nobody is told where nobody is there. */
  isConnected(): boolean
  send(message: AgentMessage): void
  now(): number
}

const soonMs = 250
const everyMs = 5000

export function openStateTeller({ state, isConnected, send, now }: StateTellerOptions): StateTeller {
  let telling: NodeJS.Timeout | undefined

  async function tell(): Promise<void> {
    clearTimeout(telling)
    telling = undefined
    // A storage that ends has nothing to say.
    const told = await state().catch(() => undefined)
    if (told && isConnected()) send({ type: 'state', ...told, time: now() })
  }

  const regularly = setInterval(() => void (isConnected() && tell()), everyMs).unref()
  return {
    tell,
    soon() {
      if (isConnected()) telling ??= setTimeout(() => void tell(), soonMs).unref()
    },
    close() {
      clearInterval(regularly)
      clearTimeout(telling)
    },
  }
}
