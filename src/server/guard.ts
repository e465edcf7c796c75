// Who may talk to a hub without users: this machine's own programs and the hub's own pages. Pages of other sites run on
// this machine too, in the browser; what gives them away is the Host they were led to (DNS rebinding) or their Origin.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { LogboomError } from '../errors.ts'
import { isLoopback } from '../loopback.ts'

const policy = [
  "default-src 'self'",
  // Component libraries set styles from script; log text never becomes markup, so this opens nothing.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** For every answer, streams too. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('content-security-policy', policy)
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('x-frame-options', 'DENY')
  response.setHeader('referrer-policy', 'no-referrer')
  response.setHeader('cross-origin-resource-policy', 'same-origin')
  response.setHeader('cross-origin-opener-policy', 'same-origin')
}

/** Throws `forbidden` for a request that no page or tool of ours would send. */
export function checkRequest(request: Pick<IncomingMessage, 'headers' | 'url'>): void {
  const { host = '', origin } = request.headers
  if (!isLoopback(hostName(host))) {
    throw new LogboomError('forbidden', host ? `This hub does not answer to the name ${host}.` : 'The Host is missing.')
  }
  if (origin !== undefined && !isSameHost(origin, host)) {
    throw new LogboomError('forbidden', `Pages of ${origin} may not read this hub.`)
  }
  // Requests without Origin (images, scripts, links of other pages) still carry this in every current browser.
  if (request.url?.startsWith('/api/') && isForeign(request.headers)) {
    throw new LogboomError('forbidden', 'Another site may not use this hub.')
  }
}

function hostName(host: string): string {
  return /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(host)?.[1] ?? ''
}

function isSameHost(origin: string, host: string): boolean {
  const url = URL.parse(origin)
  return url !== null && /^https?:$/.test(url.protocol) && url.host === host.toLowerCase().replace(/:80$/, '')
}

function isForeign(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  return site === 'cross-site' || site === 'same-site'
}
