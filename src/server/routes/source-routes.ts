// Sources: how they are, and starting and stopping those that can be.
import type { FastifyInstance } from 'fastify'
import { LogboomError } from '../../contracts/errors.ts'
import type { Source } from '../../contracts/source.ts'
import type { ControlResult } from '../../wire/hub-view.ts'
import type { AnswerOf } from '../errors.ts'
import type { ServedHub } from '../hub-interface.ts'
import { statusFor } from '../status-for.ts'
import { serveRoute } from '../serve-route.ts'

export function addSourceRoutes(app: FastifyInstance, hub: ServedHub, answerOf: AnswerOf): void {
  const sourceOf = (name: string, isGranted: boolean): Source => {
    const source = isGranted ? hub.sources.get(name) : undefined
    if (!source) throw unknown(name)
    return source
  }

  serveRoute(app, 'sources', (_asked, _reply, { caller }) => ({
    sources: statusFor(caller, hub.status(), hub.jobs).sources,
  }))

  serveRoute(app, 'processes', async ({ name }, _reply, { caller }) => ({
    processes: (await sourceOf(name, caller.mayReadAllOf(name)).processes?.()) ?? [],
  }))

  serveRoute(app, 'control', async ({ name, action }, _reply, { caller }) => {
    const source = sourceOf(name, caller.may('control', name))
    if (!source.control) throw new LogboomError('not-controllable', `${name} cannot be told to ${action}.`)
    await source.control(action)
    return { source: hub.status().sources.find((view) => view.name === name)! }
  })

  serveRoute(app, 'setLevel', async ({ name, ...change }, _reply, { caller }) => {
    const isAll = name === '*'
    if (!isAll) sourceOf(name, caller.may('control', name))
    else if (!caller.may('control', name)) throw unknown(name)
    await hub.settings.setLevel(name, change)
    const { sources } = statusFor(caller, hub.status(), hub.jobs)
    return { sources: isAll ? sources : sources.filter((view) => view.name === name) }
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

  serveRoute(app, 'controlMany', async (request, _reply, { caller }) =>
    resultsOf(await hub.control(request, (name) => caller.may('control', name))),
  )

  serveRoute(app, 'scale', async (request, _reply, { caller }) => {
    if (!caller.may('control', request.name)) throw unknown(request.name)
    return resultsOf(await hub.scale(request))
  })
}

function unknown(name: string): LogboomError {
  return new LogboomError('unknown-source', `There is no source ${name}.`)
}
