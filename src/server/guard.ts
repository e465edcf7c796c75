// The guard against pages of other sites, which run in the browsers of those who may come in: what gives them away is the Host they
// were led to (DNS rebinding) or their Origin. Who may come in at all is asked behind it, in admit.ts.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { LogboomError } from '../contracts/errors.ts'
import { isLoopback } from '../system/loopback.ts'
import type { Origins } from './origins.ts'

const policyOf = (styles: string, base: string): string =>
  [
    "default-src 'self'",
    `style-src ${styles}`,
    "img-src 'self' data:",
    "object-src 'none'",
    `base-uri ${base}`,
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Policy of one page of the dashboard: styles that its libraries make carry the nonce, and its addresses begin at its base. */
export function pagePolicy(nonce: string): string {
  return policyOf(`'self' 'nonce-${nonce}'`, "'self'")
}

/**
 * Of every answer: streams, errors, and those that are given before there is a request. Files of the page replace `cache-control`,
 * the page itself its policy.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policyOf("'self'", "'none'"),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** A name or an IPv4 address, or an IPv6 address in brackets; then perhaps a port. */
const hostForm = /^(?:([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)|\[([0-9a-f:]+)\])(?::(\d{1,5}))?$/i

/** Whether the hub answers to this name besides those of loopback. */
export type HostNames = (name: string) => boolean

/**
 * `hosts` are the names that the configuration lists. A hub that others reach is asked for by any of its addresses, too: no name
 * can be bent to an address that is written out, so no page of another site comes in that way.
 */
export function hostNames(hosts: readonly string[], isExposed: boolean): HostNames {
  const listed = new Set(hosts.map((name) => name.toLowerCase()))
  return (name) => listed.has(name) || (isExposed && isIP(name) !== 0)
}

/**
 * Throws `forbidden` for a request whose Host or Origin no page or tool of ours would send, and `request-invalid` for a target
 * that is none. From then on `request.url` is a path, which all that follows reads: a target may also be a whole URL.
 */
export function checkRequest(request: IncomingMessage, names: HostNames, origins: Pick<Origins, 'listed'>): void {
  const host = hostOf(request, names)
  const { origin } = request.headers
  request.url = pathOf(request.url ?? '', host)
  if (origin !== undefined && !isSameHost(origin, host) && origins.listed(request) === undefined) {
    throw new LogboomError('forbidden', `Pages of ${origin} may not read this hub.`)
  }
}

/** Requests without Origin (images, scripts, links of other pages) still carry this in every current browser. */
export function isForeign({ 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

/** Another site's link that was followed, so that what is asked for becomes the page that is shown. */
export function isFollowedLink(headers: IncomingHttpHeaders): boolean {
  const { 'sec-fetch-mode': mode = 'navigate', 'sec-fetch-dest': destination = 'document' } = headers
  return mode === 'navigate' && destination === 'document'
}

export function foreignSite(): LogboomError {
  return new LogboomError('forbidden', 'Another site may not use this hub.')
}

function hostOf({ rawHeaders, headers: { host = '' } }: IncomingMessage, names: HostNames): string {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) if (rawHeaders[index]!.toLowerCase() === 'host') count++
  if (count > 1) throw new LogboomError('forbidden', 'There is more than one Host.')
  const [, name, address, port = '0'] = hostForm.exec(host) ?? []
  const asked = name ?? address ?? ''
  if ((isLoopback(asked) || names(asked.toLowerCase())) && Number(port) <= 65_535) return host.toLowerCase()
  throw new LogboomError('forbidden', host ? `This hub does not answer to the name ${host}.` : 'The Host is missing.')
}

function isSameHost(origin: string, host: string): boolean {
  const url = URL.parse(origin)
  return url !== null && /^https?:$/.test(url.protocol) && url.host === host.replace(/:80$/, '')
}

function pathOf(target: string, host: string): string {
  if (target.startsWith('/')) return target
  const [, authority, rest = ''] = /^http:\/\/([^/?#]*)(.*)$/is.exec(target) ?? []
  if (authority === undefined)
    throw new LogboomError('request-invalid', `The request's target is neither a path nor a URL.`)
  if (authority.toLowerCase() !== host)
    throw new LogboomError('forbidden', `The request is for ${authority}, its Host is ${host}.`)
  return rest.startsWith('/') ? rest : `/${rest}`
}
