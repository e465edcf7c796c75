// How the engine is, for people: its card, and what its own log says of it.
import { severities } from '../contracts/record.ts'
import type { SourceContext } from '../contracts/source.ts'
import type { SourceStatus } from '../contracts/source-status.ts'
import { formatAmount } from '../text/amounts.ts'
import { containerEntry } from './containers/container-events.ts'
import type { EngineVersion } from './engine/engine-client.ts'

export interface EngineState {
  tell(severity: number, event: string, message: string): void
  connected(version: EngineVersion): void
  lost(error: Error): void
  /** Why nothing is known of its containers now. */
  trouble(): string | undefined
  /** Times of its logs are whole seconds. */
  isCoarse(): boolean
  status(containers: number): SourceStatus
}

/** `address`: of the engine, for people. */
export function openEngineState(context: SourceContext, address: string): EngineState {
  const row = context.runs.open().at(-1) ?? context.runs.resume({})
  let version: EngineVersion | undefined
  let trouble: string | undefined

  function tell(severity: number, event: string, message: string): void {
    const entry = containerEntry(event, message, { severity })
    void context.push({ run: row.run, pid: 0 }, [entry]).catch(() => undefined)
    context.changed()
  }

  return {
    tell,
    connected(now) {
      const isNews = trouble !== undefined || version === undefined
      version = now
      trouble = undefined
      const message = `reads containers of ${now.server || 'the engine'}, API ${now.api}, at ${address}`
      if (isNews) tell(severities.INFO, 'connected', message)
    },
    lost({ message }) {
      const isNews = trouble === undefined
      trouble = message
      if (isNews) tell(severities.WARNING, 'lost', `the engine is lost: ${message}; tried again until it is there`)
      context.changed()
    },
    trouble: () => trouble,
    isCoarse: () => version?.isPodman ?? false,
    status: (containers) => ({
      name: context.name,
      type: 'docker',
      state: trouble === undefined && version ? 'running' : 'stopped',
      run: row.run,
      startedAt: row.startedAt,
      command: address,
      restarts: 0,
      detail: trouble ?? (version ? `reads ${formatAmount(containers, 'container')}` : 'connects'),
    }),
  }
}
