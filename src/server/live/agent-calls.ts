// Requests of a hub to an agent, by number: settled by its answer, by its silence, or by its going away.
import { LogboomError } from '../../contracts/errors.ts'
import type { ControlAction } from '../../contracts/source.ts'
import type { HubMessage } from '../../wire/agent-messages.ts'
import type { ErrorBody } from '../../wire/hub-view.ts'

export interface AgentCalls {
  control(source: string, action: ControlAction): Promise<void>
  answer(id: number, error?: ErrorBody): void
  /** The agent is gone. */
  giveUp(): void
}

/** A process may take its time to stop. */
const patienceMs = 60_000

export function openAgentCalls(send: (message: HubMessage) => void): AgentCalls {
  const calls = new Map<number, { resolve(): void; reject(error: Error): void; timer: NodeJS.Timeout }>()
  let last = 0

  function settle(id: number, error?: Error): void {
    const call = calls.get(id)
    calls.delete(id)
    clearTimeout(call?.timer)
    if (error) call?.reject(error)
    else call?.resolve()
  }

  return {
    control: (source, action) =>
      new Promise((resolve, reject) => {
        const id = ++last
        const silent = new LogboomError('too-slow', `The host of ${source} has not answered`)
        calls.set(id, { resolve, reject, timer: setTimeout(() => settle(id, silent), patienceMs) })
        send({ type: 'control', id, source, action })
      }),
    answer: (id, error) =>
      settle(id, error && new LogboomError('not-controllable', error.message, { hint: error.hint })),
    giveUp() {
      for (const id of calls.keys())
        settle(id, new LogboomError('not-controllable', 'The host is not connected any more'))
    },
  }
}
