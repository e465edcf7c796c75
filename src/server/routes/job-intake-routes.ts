// Jobs as their orchestrators hand them in over HTTP. Paths, shapes and errors are those of the orchestrators' own clients, so that
// these routes have a shape of their own.
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../../contracts/caller.ts'
import { defaultJobSource, type Job } from '../../contracts/job.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { storedJobLine, idOf, parseLogs, parseRegistration, parseReport } from '../../wire/job-messages.ts'
import { routes, type RouteName } from '../../wire/routes.ts'
import { maxJobBytes } from '../bounds/limits.ts'
import type { TakeTurn } from '../bounds/search-turns.ts'
import type { AnswerOf } from '../errors.ts'
import type { ServedHub } from '../hub-interface.ts'
import { orchestratorIn, ownJob, readableJob } from '../own-job.ts'
import { jobRecords } from './job-records.ts'

interface JobRequest {
  jobId: string
  body: unknown
  request: FastifyRequest
  reply: FastifyReply
}

export function addJobIntakeRoutes(
  app: FastifyInstance,
  hub: ServedHub,
  { answerOf, takeTurn }: { answerOf: AnswerOf; takeTurn: TakeTurn },
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
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: maxJobBytes }, (_request, body, next) => {
      parseBody(body as string, next)
    })
    scope.setErrorHandler((error, _request, reply) => {
      const { status, headers, body } = answerOf(error)
      return reply
        .code(status)
        .headers(headers)
        .send({ error: status === 401 ? 'Unauthorized' : body.error.message })
    })

    const serve = (name: RouteName, handle: (asked: JobRequest) => Promise<unknown>): void => {
      const { method, path, who } = routes[name]
      if (method === 'WebSocket') throw new Error(`${path} is no route of HTTP`)
      scope.route({
        method,
        url: path,
        exposeHeadRoute: false,
        config: { who },
        handler: (request, reply) => {
          const { jobId = '' } = (request.params ?? {}) as { jobId?: string }
          if (path.includes(':jobId') && jobId.trim() === '')
            throw new LogboomError('request-invalid', 'Job ID required')
          return handle({ jobId, body: request.body, request, reply })
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
      return reply.type('application/json; charset=utf-8').send(Readable.from(logsJson(job, caller, signal)))
    })
    serve('jobStatus', takesReport())
    serve('completeJob', takesReport('COMPLETED'))
    serve('failJob', takesReport('FAILED'))
    done()
  })

  async function* logsJson(job: Job, { within }: Caller, signal: AbortSignal): AsyncGenerator<string> {
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
}

function parseBody(body: string, next: (error: Error | null, value?: unknown) => void): void {
  if (body.trim() === '') return next(null, {})
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return next(new LogboomError('request-invalid', 'The body is not JSON'))
  }
  next(null, value)
}
