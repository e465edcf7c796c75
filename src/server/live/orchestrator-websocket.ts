// `/ws/orchestrator`: lines and news of jobs, one JSON object a message, without answers. What cannot be taken is told in the hub's
// log and counted, and the stream goes on.
import type { RawData } from 'ws'
import { parseOrchestratorMessage } from '../../wire/job-messages.ts'
import type { ServedHub } from '../hub-interface.ts'
import { orchestratorIn, ownJob } from '../own-job.ts'
import type { ServedSocket } from '../upgrades.ts'

export function serveOrchestrator({ socket, request, caller, alive }: ServedSocket, hub: ServedHub): void {
  const { jobs } = hub
  const orchestratorId = orchestratorIn(request.headers)
  const name = orchestratorId === undefined ? 'An orchestrator' : `The orchestrator ${orchestratorId}`
  let refusedCount = 0

  function refuse(error: unknown): void {
    if (++refusedCount > 1) return
    const text = error instanceof Error ? error.message : String(error)
    hub.warn(`${name} sent a message that cannot be taken: ${text}; those that follow are counted`)
  }

  function take(data: RawData): void {
    const message = parseOrchestratorMessage(textOf(data), Date.now())
    const { jobId } = message
    const job = ownJob(jobs, jobId, caller, orchestratorId)
    const room = 'report' in message ? jobs.report(job, message.report) : jobs.stream(job, message.line)
    if (!room) return
    // Until it is kept, or there is room for more, the sender waits.
    socket.pause()
    void Promise.resolve<unknown>(room)
      .catch(refuse)
      .finally(() => socket.resume())
  }

  socket.on('message', (data) => {
    alive()
    try {
      take(data)
    } catch (error) {
      refuse(error)
    }
  })
  socket.on('close', () => {
    if (refusedCount > 1) hub.warn(`${name} is gone; ${refusedCount} of its messages could not be taken`)
  })
}

function textOf(data: RawData): string {
  if (data instanceof ArrayBuffer) return Buffer.from(data).toString()
  return (Array.isArray(data) ? Buffer.concat(data) : data).toString()
}
