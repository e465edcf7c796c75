// Jobs as their orchestrators hand them in over HTTP. Paths, shapes and errors are those of the orchestrators' own clients, so that
// these routes have a shape of their own.
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../../contracts/caller.ts'
import { defaultJobSource, type Job } from '../../contracts/job.ts'
import type { Storage } from '../../contracts/storage.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { storedJobLine, idOf, parseLogs, parseRegistration, parseReport } from '../../wire/job-messages.ts'
import { routes, type RouteName } from '../../wire/routes.ts'
import type { ByteRoom } from '../bounds/byte-room.ts'
import { ingestIdleMs, ingestPatienceMs, maxJobBytes } from '../bounds/limits.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'
import type { AnswerOf } from '../errors.ts'
import type { ServedHub } from '../hub-interface.ts'
import type { AuditFloods } from '../audit-floods.ts'
import { orchestratorIn, ownJob, readableJob } from '../own-job.ts'
import { readBody } from '../read-body.ts'
import { jobRecords } from './job-records.ts'

interface JobRequest {
  jobId: string
  body: unknown
  request: FastifyRequest
  reply: FastifyReply
}

const limits = { maxBytes: maxJobBytes, idleMs: ingestIdleMs, patienceMs: ingestPatienceMs }

export function addJobIntakeRoutes(
  app: FastifyInstance,
  hub: ServedHub,
  { answerOf, takeTurn, room, floods }: { answerOf: AnswerOf; takeTurn: TakeTurn; room: ByteRoom; floods: AuditFloods },
): void {
  const { access, jobs, storage } = hub

  /** Of its body, or else of its header. */
  const ownerOf = ({ body, request }: JobRequest): string | undefined =>
    idOf((body as { orchestratorId?: unknown } | null)?.orchestratorId) ?? orchestratorIn(request.headers)

  /** Of reports, which need not name their orchestrator. */
  const reportedJob = (asked: JobRequest): Job => ownJob(jobs, asked.jobId, asked.request.caller, ownerOf(asked))

  const takesReport =
    (status?: string) =>
    async (asked: JobRequest): Promise<unknown> => {
      const report = parseReport(asked.body, Date.now(), status)
      await jobs.report(reportedJob(asked), report)
      return { success: true }
    }

  void app.register((scope, _options, done) => {
    // Bodies are read here, in the room of all of them.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, next) => next(null))
    scope.setErrorHandler((error, request, reply) => {
      const { status, headers, body } = answerOf(error)
      // The rest of a body that is too large is let pass, as a client that cannot write reads no answer; of one too slow it is not.
      if (status === 408 && !request.raw.complete) void reply.header('connection', 'close')
      return reply
        .code(status)
        .headers(headers)
        .send({ error: status === 401 ? 'Unauthorized' : body.error.message })
    })

    const serve = (name: RouteName, handle: (asked: JobRequest) => Promise<unknown>): void => {
      const { method, path, who, audit } = routes[name]
      if (method === 'WebSocket') throw new Error(`${path} is no route of HTTP`)
      scope.route({
        method,
        url: path,
        exposeHeadRoute: false,
        config: { who },
        async handler(request, reply) {
          const { jobId = '' } = (request.params ?? {}) as { jobId?: string }
          if (path.includes(':jobId') && jobId.trim() === '')
            throw new LogboomError('request-invalid', 'Job ID required')
          if (method === 'GET') return await handle({ jobId, body: undefined, request, reply })
          const { bytes, release } = await readBody(request.raw, limits, room)
          try {
            const asked = { jobId, body: parseBody(bytes), request, reply }
            return await (audit === undefined ? handle(asked) : audited(audit, asked, { handle, floods }))
          } finally {
            release()
          }
        },
      })
    }

    serve('registerJob', async ({ body, request: { caller } }) => {
      const registered = parseRegistration(body)
      // One that is there already may be somebody else's.
      if (jobs.find(registered.jobId)) ownJob(jobs, registered.jobId, caller, registered.orchestratorId)
      else if (!caller.may('send', registered.name ?? defaultJobSource))
        throw new LogboomError('not-allowed', 'Job name not granted')
      const { token: _, ...job } = await jobs.register(
        caller.kind === 'token' ? { ...registered, token: caller.name } : registered,
      )
      return { success: true, job }
    })
    serve('addJobLogs', async (asked) => {
      const lines = parseLogs(asked.body, Date.now())
      const owner = ownerOf(asked) ?? ''
      await jobs.append(ownJob(jobs, asked.jobId, asked.request.caller, owner), lines)
      return { success: true, count: lines.length }
    })
    serve('jobLogs', async ({ jobId, request, reply }) => {
      const { caller, headers } = request
      const job = readableJob(jobs, jobId, caller, orchestratorIn(headers))
      reply.raw.once(
        'close',
        access.watch(caller, () => reply.raw.destroy()),
      )
      const signal = await takeTurn(reply)
      return reply
        .type('application/json; charset=utf-8')
        .send(Readable.from(logsJson({ job, storage }, caller, signal)))
    })
    serve('jobStatus', takesReport())
    serve('completeJob', takesReport('COMPLETED'))
    serve('failJob', takesReport('FAILED'))
    done()
  })
}

async function* logsJson(
  { job, storage }: { job: Job; storage: Storage },
  { within }: Caller,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield '{"logs":['
  let separator = ''
  for await (const records of jobRecords(storage, { ...job, within }, signal)) {
    const lines = records.filter(({ kind }) => kind !== 'event').map((record) => storedJobLine(job, record))
    if (lines.length === 0) continue
    yield separator + lines.map((line) => JSON.stringify(line)).join(',')
    separator = ','
  }
  yield ']}'
}

/** The audit log gets which job it was, and not what was said of it. */
async function audited(
  action: string,
  asked: JobRequest,
  { handle, floods }: { handle(asked: JobRequest): Promise<unknown>; floods: AuditFloods },
): Promise<unknown> {
  const { request, body } = asked
  const { jobId = asked.jobId, status, name } = (body ?? {}) as Record<string, unknown>
  const metadata = { ...shortTexts({ jobId, status, name }), peer: request.socket.remoteAddress }
  const entry = { who: request.caller.name, action, metadata }
  request.isAudited = true
  try {
    const answer = await handle(asked)
    floods.tell(entry)
    return answer
  } catch (error) {
    floods.tell({ ...entry, error })
    throw error
  }
}

/** Ids, words and names that are not too long to stand in the audit log. */
function shortTexts(values: Record<string, unknown>): Record<string, string | number> {
  const isShort = (value: unknown): boolean =>
    (typeof value === 'string' && value.length <= 200) || typeof value === 'number'
  return Object.fromEntries(Object.entries(values).filter(([, value]) => isShort(value))) as Record<
    string,
    string | number
  >
}

function parseBody(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new LogboomError('request-invalid', 'The body is not JSON')
  }
}
