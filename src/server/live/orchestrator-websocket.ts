// `/ws/orchestrator`: lines and news of jobs, one JSON object a message, without answers. What cannot be taken is told in the hub's
// log and counted, and the stream goes on.
import type { RawData } from 'ws'
import { parseOrchestratorMessage } from '../../wire/job-messages.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { ingestBeginningBytes, ingestPatienceMs } from '../bounds/limits.ts'
import type { ServedHub } from '../hub-interface.ts'
import type { AuditFloods } from '../audit-floods.ts'
import { orchestratorIn, ownJob } from '../own-job.ts'
import type { ServedSocket } from './served-socket.ts'
import { openMessageRoom, type MessageRoomOptions } from './message-room.ts'

export function serveOrchestrator(
  served: ServedSocket,
  hub: ServedHub,
  { bodies, lines, floods }: Pick<MessageRoomOptions, 'bodies' | 'lines'> & { floods: AuditFloods },
): void {
  const { socket, request, caller, alive, dismiss } = served
  const { jobs } = hub
  const room = openMessageRoom(served, {
    bodies,
    lines,
    beginningBytes: ingestBeginningBytes,
    patienceMs: ingestPatienceMs,
    tooSlow: () => dismiss(new LogboomError('too-slow', 'A message came too slowly, and others waited.')),
  })
  const orchestratorId = orchestratorIn(request.headers)
  const name = orchestratorId === undefined ? 'An orchestrator' : `The orchestrator ${orchestratorId}`
  let refusedCount = 0

  const peer = request.socket.remoteAddress

  function refuse(error: unknown): void {
    if (error instanceof LogboomError && error.code === 'job-owned')
      floods.refused(caller.name, { route: 'a message to /ws/orchestrator', peer })
    if (++refusedCount > 1) return
    const text = error instanceof Error ? error.message : String(error)
    hub.warn(`${name} sent a message that cannot be taken: ${text}; those that follow are counted`)
  }

  function take(text: string, release: () => void): void {
    const message = parseOrchestratorMessage(text, Date.now())
    const job = ownJob(jobs, message.jobId, caller, orchestratorId)
    if ('line' in message) {
      // Until there is room for more lines of the job, the sender waits.
      const full = jobs.stream(job, message.line, release)
      if (full) room.hold(full.catch(refuse))
      return
    }
    const { jobId, report } = message
    const told = { who: caller.name, action: 'job_status', metadata: { jobId, status: report.status, peer } }
    const reported = jobs.report(job, report).then(() => floods.tell(told))
    room.hold(reported.catch(refuse).finally(release))
  }

  socket.on('message', (data) => {
    alive()
    const text = textOf(data)
    room.take(Buffer.byteLength(text), (release) => {
      try {
        take(text, release)
      } catch (error) {
        release()
        refuse(error)
      }
    })
  })
  socket.on('close', () => {
    if (refusedCount > 1) hub.warn(`${name} is gone; ${refusedCount} of its messages could not be taken`)
  })
}

function textOf(data: RawData): string {
  if (data instanceof ArrayBuffer) return Buffer.from(data).toString()
  return (Array.isArray(data) ? Buffer.concat(data) : data).toString()
}
