// Sources: how they are, and starting and stopping those that can be.
import type { FastifyInstance } from 'fastify'
import { LogboomError } from '../../contracts/errors.ts'
import type { Source } from '../../contracts/source.ts'
import type { ProcessView } from '../../contracts/source-status.ts'
import type { ControlResult, SourceView } from '../../wire/hub-view.ts'
import type { AnswerOf } from '../errors.ts'
import type { ServedHub } from '../hub-interface.ts'
import { parseControl, parseControlMany, parseScale, parseSourceName } from '../request-shapes.ts'

export function addSourceRoutes(app: FastifyInstance, hub: ServedHub, answerOf: AnswerOf): void {
  const sourceOf = (name: string): Source => {
    const source = hub.sources.get(name)
    if (!source) throw new LogboomError('unknown-source', `There is no source ${name}.`)
    return source
  }

  app.get('/api/v1/sources', () => ({ sources: hub.status().sources }))

  app.get('/api/v1/sources/:name/processes', async (request): Promise<{ processes: ProcessView[] }> => {
    const source = sourceOf(parseSourceName(request.params))
    return { processes: (await source.processes?.()) ?? [] }
  })

  app.post('/api/v1/sources/:name/:action', async (request): Promise<{ source: SourceView | undefined }> => {
    const { name, action } = parseControl(request.params)
    const source = sourceOf(name)
    if (!source.control) throw new LogboomError('not-controllable', `${name} cannot be told to ${action}.`)
    await source.control(action)
    return { source: hub.status().sources.find((view) => view.name === name) }
  })

  const resultsOf = (results: { name: string; error?: unknown }[]): { results: ControlResult[] } => {
    const { sources } = hub.status()
    return {
      results: results.map(({ name, error }) => {
        const source = sources.find((view) => view.name === name)
        return { name, ...(source ? { source } : {}), ...(error === undefined ? {} : answerOf(error).body) }
      }),
    }
  }

  app.post('/api/v1/control', async (request) => resultsOf(await hub.control(parseControlMany(request.body))))

  app.post('/api/v1/scale', async (request) => resultsOf(await hub.scale(parseScale(request.body))))
}
