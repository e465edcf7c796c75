// The dashboard's files, as built into dist/dashboard. A checkout without a build gets a page that says how to build it.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LogboomError } from '../contracts/errors.ts'
import { nothingAt } from './errors.ts'

/** The package's own directory, whether this file runs from `src` or from `dist/src`. */
function packageDirectory(): string {
  let directory = import.meta.dirname
  while (!existsSync(join(directory, 'package.json')) && dirname(directory) !== directory)
    directory = dirname(directory)
  return directory
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Logboom</title>
<h1>The dashboard is not built yet</h1>
<p>In the checkout, run <code>npm run build</code>, then start Logboom again.</p>
<p>The hub itself is working: see <a href="/api/v1/hub">/api/v1/hub</a>, or run <code>logboom logs -f</code>.</p>
</html>
`

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0]!

const everyFile = '/*'

/** A request that is for the dashboard: no route of the API has it. */
export function isForDashboard(request: FastifyRequest): boolean {
  return request.is404 || request.routeOptions.url === everyFile
}

/** Serves every path that is not of the API; pages of the dashboard are all index.html. */
export async function addDashboard(
  app: FastifyInstance,
  root: string = join(packageDirectory(), 'dist', 'dashboard'),
): Promise<void> {
  const built = existsSync(join(root, 'index.html'))
  if (built) {
    const { default: fastifyStatic } = await import('@fastify/static')
    // Paths that cannot be names of files are refused there as forbidden, though there is only nothing at them.
    app.setErrorHandler((error: Error & { statusCode?: number }, request) => {
      throw error.statusCode === 403 && !(error instanceof LogboomError)
        ? nothingAt(request.method, pathOf(request))
        : error
    })
    // The route of these files is `everyFile`, because their prefix is `/`.
    await app.register(fastifyStatic, {
      root,
      prefix: '/',
      cacheControl: false,
      setHeaders(reply, path) {
        // Names of assets carry a hash of what they hold; the page itself names the newest.
        const lasting = path.startsWith(join(root, 'assets'))
        reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }

  app.setNotFoundHandler((request, reply): FastifyReply => {
    const path = pathOf(request)
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && !path.startsWith('/assets/')
    if (!isPage) throw nothingAt(request.method, path)
    if (built) return reply.sendFile('index.html')
    return reply.code(503).type('text/html; charset=utf-8').send(notBuilt)
  })
}
