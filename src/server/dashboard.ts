// The dashboard's files, as built into dist/dashboard. A checkout without a build gets a page that says how to build it.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LogboomError } from '../contracts/errors.ts'
import { nothingAt } from './errors.ts'
import { pagePolicy } from './guard.ts'
import { pathPrefix } from './proxy/path-prefix.ts'

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
<p>The hub itself is working: see <code>/api/v1/hub</code>, or run <code>logboom logs -f</code>.</p>
</html>
`

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0]!

const everyFile = '/*'
const pageFile = 'index.html'

/** The element by which the page says where it is served; all its addresses begin there. */
const baseTag = /<base href="[^"]*"\s*\/?>/

/** The page as it is sent this once. `prefix` has no character that means something to HTML. */
function pageOf(built: string, prefix: string, nonce: string): string {
  return built.replace(baseTag, `<base href="${prefix}/"><meta property="csp-nonce" nonce="${nonce}">`)
}

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
      // The page is never sent as it lies there.
      allowedPath: (path) => path !== `/${pageFile}`,
      setHeaders(reply, path) {
        // Names of assets carry a hash of what they hold; the page names the newest.
        const lasting = path.startsWith(join(root, 'assets'))
        reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }

  app.setNotFoundHandler(async (request, reply): Promise<FastifyReply> => {
    const path = pathOf(request)
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && !path.startsWith('/assets/')
    if (!isPage) throw nothingAt(request.method, path)
    void reply.type('text/html; charset=utf-8')
    if (!built) return reply.code(503).send(notBuilt)
    const nonce = randomBytes(16).toString('base64')
    const page = await readFile(join(root, pageFile), 'utf8')
    return reply
      .header('content-security-policy', pagePolicy(nonce))
      .header('cache-control', 'no-store')
      .send(pageOf(page, pathPrefix(request.headers), nonce))
  })
}
