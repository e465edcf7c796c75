// Pages of other sites that may open streams, and nothing else, because the configuration names their origins.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'

export interface Origins {
  /** The origin of a request to a stream whose origin is listed. */
  listed(request: IncomingMessage): string | undefined
  /** Says so to the browser; true when that was the whole answer. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
}

export function openOrigins(origins: readonly string[], streamPaths: ReadonlySet<string>): Origins {
  const all = new Set(origins)

  function listed({ headers: { origin }, url = '' }: IncomingMessage): string | undefined {
    // The path word for word: written otherwise it is none of them.
    return origin !== undefined && all.has(origin) && streamPaths.has(url.split('?', 1)[0]!) ? origin : undefined
  }

  return {
    listed,
    answer(request, response) {
      const origin = listed(request)
      if (origin === undefined) return false
      for (const [name, value] of Object.entries(headersFor(origin))) response.setHeader(name, value)
      if (!isPreflight(request.method, request.headers)) return false
      response.writeHead(204, {
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization, content-type, last-event-id',
        'access-control-max-age': '600',
      })
      response.end()
      return true
    },
  }
}

function headersFor(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'cross-origin-resource-policy': 'cross-origin',
    vary: 'Origin',
  }
}

function isPreflight(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}
