// Sources: how they are, and starting and stopping those that can be.
import type { FastifyInstance } from 'fastify'
import { LogboomError } from '../../contracts/errors.ts'
import type { Source } from '../../contracts/source.ts'
import type { ControlResult } from '../../wire/hub-view.ts'
import type { AnswerOf } from '../errors.ts'
import type { ServedHub } from '../hub-interface.ts'
import { serveRoute } from '../serve-route.ts'

export function addSourceRoutes(app: FastifyInstance, hub: ServedHub, answerOf: AnswerOf): void {
  const sourceOf = (name: string): Source => {
    const source = hub.sources.get(name)
    if (!source) throw new LogboomError('unknown-source', `There is no source ${name}.`)
    return source
  }

  serveRoute(app, 'sources', () => ({ sources: hub.status().sources }))

  serveRoute(app, 'processes', async ({ name }) => ({ processes: (await sourceOf(name).processes?.()) ?? [] }))

  serveRoute(app, 'control', async ({ name, action }) => {
    const source = sourceOf(name)
    if (!source.control) throw new LogboomError('not-controllable', `${name} cannot be told to ${action}.`)
    await source.control(action)
    return { source: hub.status().sources.find((view) => view.name === name)! }
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

  serveRoute(app, 'controlMany', async (request) => resultsOf(await hub.control(request)))

  serveRoute(app, 'scale', async (request) => resultsOf(await hub.scale(request)))
}
