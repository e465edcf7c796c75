// The jobs whose logs one Socket.IO client follows: who may, what came before, each line, each change.
import type { Socket } from 'socket.io'
import type { Job, JobAccess, Jobs } from '../../contracts/job.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { Follow } from '../../live/follower.ts'
import type { LogInitialEvent, LogLineEvent, LogUpdateEvent } from '../../wire/dialect-messages.ts'
import type { DialectSettings, LineView } from '../serve-dialect.ts'
import { jobCodec, jobPartsOf, type JobLine } from './job-codec.ts'
import { openEarlierLines } from './earlier-lines.ts'
import { openPacketOut, packetFrames } from './packet-out.ts'

export interface ServedNamespace {
  jobs: Jobs
  settings: DialectSettings
  view: LineView
  /** `asking`: the user that the client says it is. */
  accessTo(job: Job, asking: string | undefined): JobAccess
  /** Whether the client may ask for a log once more; counted. */
  mayAsk(): boolean
}

interface JobLogsOptions extends ServedNamespace {
  /** The log so far comes as one event; else lines come from now on. */
  isInitialGiven: boolean
}

export interface JobLogs {
  /** `{ logId }` or `{ jobId }`. */
  join(asked: unknown): void
  leave(asked: unknown): void
  close(): void
}

const mostJoined = 100
const mostPendingBytes = 8 * 1024 * 1024
/** Newest lines of the log so far. */
const initialLines = 10_000

type LogId = string | number

export function openJobLogs(
  socket: Socket,
  { jobs, settings, view, accessTo, mayAsk, isInitialGiven }: JobLogsOptions,
): JobLogs {
  const joined = new Map<string, { logId: LogId; follow: Follow }>()
  const packets = openPacketOut(socket)
  const prefix = socket.nsp.name === '/' ? '2' : `2${socket.nsp.name},`
  const ignore = jobs.onChange((job) => {
    const known = joined.get(job.jobId)
    if (known && isInitialGiven) emit('log:update', updateOf(job, known.logId))
  })

  /** Counted with the lines. A client that takes nothing is let go, and gets all of it when it comes again. */
  function emit(name: string, data: LogInitialEvent | LogUpdateEvent | { message: string }): void {
    if (packets.pendingBytes() > mostPendingBytes) return void socket.conn.close()
    packets.write(packetFrames([`${prefix}${JSON.stringify([name, data])}`]), drained)
  }

  function drained(): void {
    for (const { follow } of joined.values()) follow.drained()
  }

  function refuse(message: string): void {
    emit('error', { message })
  }

  function join(asked: unknown): void {
    const logId = idIn(asked)
    if (logId === undefined) return refuse('logId or jobId is missing')
    const job = jobs.find(`${logId}`)
    const { userId } = socket.handshake.auth as { userId?: unknown }
    const access = job ? accessTo(job, userId === undefined ? undefined : String(userId)) : 'hidden'
    if (!job || access === 'hidden') return refuse('Log not found')
    if (access === 'denied') return refuse('Access denied')
    if (!mayAsk()) return refuse('Logs are asked for too often')
    leave(asked)
    if (joined.size >= mostJoined) return refuse(`No more than ${mostJoined} logs at once`)
    if (!settings.isStreaming) return
    joined.set(job.jobId, { logId, follow: followJob(job, logId) })
  }

  function followJob(job: Job, logId: LogId): Follow {
    let earlier = isInitialGiven ? openEarlierLines() : undefined
    const query = `source:${JSON.stringify(job.source)} run:${job.run}`
    const follow: Follow = view.follow(
      { query, limit: isInitialGiven ? initialLines : 0, slow: 'skip' },
      {
        send(bytes) {
          const { lines, isLive } = jobPartsOf(bytes)
          if (earlier) earlier.add(lines)
          else packets.write(packetFrames(lines.map((line) => packetOf(line))), () => follow.drained())
          if (!isLive || !earlier) return
          emit('log:initial', initialOf(jobs.find(job.jobId) ?? job, logId, earlier.lines()))
          earlier = undefined
        },
        pendingBytes: packets.pendingBytes,
        fail(error) {
          joined.delete(job.jobId)
          refuse(error instanceof LogboomError ? error.message : 'The log cannot be read')
        },
      },
      { codec: jobCodec(settings) },
    )

    function packetOf(line: JobLine): string {
      const data: LogLineEvent = { logId, jobId: job.jobId, ...line }
      return `${prefix}${JSON.stringify(['log:line', data])}`
    }
    return follow
  }

  function leave(asked: unknown): void {
    const logId = `${idIn(asked) ?? ''}`
    joined.get(logId)?.follow.close()
    joined.delete(logId)
  }

  return {
    join,
    leave,
    close() {
      ignore()
      for (const { follow } of joined.values()) follow.close()
      joined.clear()
    },
  }
}

function idIn(asked: unknown): LogId | undefined {
  const { logId, jobId } = (asked ?? {}) as { logId?: unknown; jobId?: unknown }
  return [logId, jobId].find((id): id is LogId => typeof id === 'string' || typeof id === 'number')
}

const isoOf = (time: number | undefined): string | null => (time === undefined ? null : new Date(time).toISOString())
const durationOf = ({ startedAt, endedAt }: Job): number | null => (endedAt === undefined ? null : endedAt - startedAt)

function initialOf(job: Job, logId: LogId, lines: readonly JobLine[]): LogInitialEvent {
  const errors = lines.filter(({ stream }) => stream === 'stderr').map(({ line }) => line)
  return {
    logId,
    status: job.status,
    output: lines.map(({ line }) => line).join('\n'),
    error: errors.length > 0 ? errors.join('\n') : (job.error ?? null),
    startTime: isoOf(job.startedAt),
    endTime: isoOf(job.endedAt),
    duration: durationOf(job),
  }
}

function updateOf(job: Job, logId: LogId): LogUpdateEvent {
  const { status, startedAt, endedAt, exitCode = null } = job
  return {
    logId,
    status,
    timestamp: new Date().toISOString(),
    timing: { startedAt: isoOf(startedAt)!, completedAt: isoOf(endedAt), duration: durationOf(job) },
    execution: { exitCode, status },
  }
}
