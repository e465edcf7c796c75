// The files of the sign-in page: for everybody, since whoever needs them is nobody yet.
import type { FastifyInstance, FastifyRequest } from 'fastify'

const paths = ['sign-in', 'sign-in.css', 'sign-in.js']

export function addSignInPage(app: FastifyInstance): void {
  for (const path of paths)
    app.get(`/${path}`, async (_request, reply) => {
      const { signInFiles } = await import('../sign-in-page.ts')
      const { type, text } = signInFiles[path]!
      return reply.type(type).header('cache-control', 'no-cache').send(text)
    })
}

/** The page itself, which links of other sites may lead to. */
export function isForSignIn({ routeOptions: { url } }: FastifyRequest): boolean {
  return url === '/sign-in'
}
