// Records over HTTP. This thread only moves bytes: what is in them is seen by the storage worker, and the answer comes when
// it has them for good.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../../contracts/caller.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { IngestAnswer, IngestRequest } from '../../contracts/storage.ts'
import { faultOfSourceName } from '../../text/source-name.ts'
import type { Requests } from '../../wire/request-shapes.ts'
import type { ByteRoom } from '../bounds/byte-room.ts'
import type { AnswerOf } from '../errors.ts'
import type { ServedHub } from '../hub-interface.ts'
import { ingestIdleMs, ingestPatienceMs, maxIngestBytes } from '../bounds/limits.ts'
import { readBody } from '../read-body.ts'
import { serveRoute } from '../serve-route.ts'

/** Of records that name no source in requests that name none either. */
const defaultSource = 'http'

const forms: Readonly<Record<string, IngestRequest['form']>> = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/x-jsonlines': 'ndjson',
  'application/json': 'json',
  'text/plain': 'text',
}

const limits = { maxBytes: maxIngestBytes, idleMs: ingestIdleMs, patienceMs: ingestPatienceMs }

export function addIngestRoute(
  app: FastifyInstance,
  hub: ServedHub,
  { answerOf, room }: { answerOf: AnswerOf; room: ByteRoom },
): void {
  async function ingest({ source, batch }: Requests['ingest'], request: FastifyRequest): Promise<IngestAnswer> {
    const { caller } = request
    if (!caller.may('send', source ?? defaultSource)) throw notTheirs(source, caller)
    if (source !== undefined) checkSource(source, hub)
    const form = formOf(request.headers['content-type'])
    const { bytes, release } = await readBody(request.raw, limits, room)
    try {
      return await hub.storage.ingest(
        {
          form,
          source: source ?? defaultSource,
          named: source === undefined,
          taken: [...hub.sources.keys()],
          granted: caller.sendsTo,
          batch,
        },
        bytes,
      )
    } finally {
      release()
    }
  }

  void app.register((scope, _options, done) => {
    // Bodies are read here, not by fastify.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, next) => next(null))
    // Every error says how many records are stored.
    scope.setErrorHandler((error, request, reply) => {
      const { status, headers, body } = answerOf(error)
      // A client in the middle of a body that nobody wants cannot send another request behind it.
      if (!request.raw.complete) void reply.header('connection', 'close')
      return reply
        .code(status)
        .headers(headers)
        .send({ ...body, accepted: 0 })
    })
    serveRoute(scope, 'ingest', async (asked, reply, request) => {
      const answer = await ingest(asked, request)
      if (answer.error) void reply.code(answerOf(new LogboomError(answer.error.code, answer.error.message)).status)
      return answer
    })
    done()
  })
}

function notTheirs(source: string | undefined, { name, sendsTo }: Caller): LogboomError {
  const message =
    source === undefined
      ? `source: missing; ${name} may not send to ${defaultSource}, where records go that name none`
      : `source: ${name} may not send to ${source}`
  return new LogboomError('not-allowed', message, {
    hint: `It may send to ${sendsTo.join(', ') || 'nothing'}: ?source=NAME`,
  })
}

function checkSource(name: string, hub: ServedHub): void {
  const fault = faultOfSourceName(name)
  if (fault) throw new LogboomError('request-invalid', `source: ${fault}`)
  if (!hub.sources.has(name)) return
  throw new LogboomError(
    'request-invalid',
    `source: ${name} is a ${hub.sources.get(name)!.status().type} of this hub`,
    {
      hint: 'Its lines are captured already; choose another name for what is sent.',
    },
  )
}

function formOf(contentType: string | undefined): IngestRequest['form'] {
  const mediaType = contentType?.split(';', 1)[0]!.trim().toLowerCase() ?? ''
  const form = Object.hasOwn(forms, mediaType) ? forms[mediaType] : undefined
  if (form) return form
  const message = contentType ? `The content-type ${contentType} is not known.` : 'The content-type is missing.'
  const hint = 'Send application/x-ndjson (an object a line), application/json, or text/plain (a record a line).'
  throw Object.assign(new LogboomError('request-invalid', message, { hint }), { statusCode: 415 })
}
