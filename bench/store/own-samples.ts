// Lines of invented services, for machines without the real sample data: a dozen templates each, printed by a small
// simulation, so that ids recur nearby, names recur everywhere, and numbers have a range.
import { openRandom, type Random } from './random.ts'
import type { SampleLine, SampleSource } from './sample-lines.ts'

/** LEVEL, logger and message; in braces what varies. */
const services: Record<string, string[]> = {
  checkout: [
    'INFO cart.Basket basket {id} opened by user {user}',
    'INFO cart.Basket item {sku} added to basket {id}, {small} in stock',
    'INFO pay.Card payment {uuid} of {money} EUR authorised in {ms} ms',
    'INFO pay.Card payment {uuid} captured',
    'WARN pay.Card payment {uuid} declined by issuer: {reason}',
    'INFO order.Writer order {uuid} stored for basket {id}',
    'ERROR order.Writer cannot reach database {address} after {ms} ms: {reason}',
    'DEBUG cart.Price price of {sku} taken from cache',
    'INFO order.Mail confirmation for user {user} queued',
    'WARN cart.Stock only {small} of {sku} left',
    'INFO http.Access GET /api/v2/baskets/{id} 200 {size} {ms}ms',
    'INFO http.Access POST /api/v2/orders 201 {size} {ms}ms',
  ],
  gateway: [
    'INFO proxy.Access {ip} "GET /{page} HTTP/1.1" 200 {size} {ms}',
    'INFO proxy.Access {ip} "POST /{page} HTTP/1.1" 204 0 {ms}',
    'WARN proxy.Access {ip} "GET /{page} HTTP/1.1" 404 {size} {ms}',
    'INFO proxy.Upstream connection to {address} reused',
    'INFO proxy.Upstream connection to {address} opened in {ms} ms',
    'ERROR proxy.Upstream {address} timed out while reading response header',
    'WARN proxy.Limit client {ip} over its rate, request delayed by {ms} ms',
    'INFO tls.Session session {hex} resumed for {ip}',
    'INFO tls.Session handshake with {ip} finished, session {hex}',
    'ERROR tls.Session handshake with {ip} failed: {reason}',
    'DEBUG proxy.Cache /{page} fresh for {small} seconds',
    'INFO proxy.Reload configuration {hex} loaded',
  ],
  storage: [
    'INFO volume.Writer block blk_{long} of {size} bytes written to {address}',
    'INFO volume.Writer block blk_{long} replicated to {address}',
    'INFO volume.Reader served block blk_{long} to {ip}',
    'INFO volume.Cleaner deleting block blk_{long} file /data/current/dir{small}/blk_{long}',
    'WARN volume.Reader slow read of blk_{long}: {ms} ms',
    'ERROR volume.Reader checksum of blk_{long} is wrong, expected {hex}',
    'INFO lease.Keeper lease {uuid} granted to {user}',
    'INFO lease.Keeper lease {uuid} ended',
    'INFO compact.Worker merged {small} segments, {size} bytes',
    'DEBUG compact.Worker nothing to merge',
    'FATAL volume.Disk device sd{letter} not responding',
    'INFO volume.Disk {size} bytes free on /data/{small}',
  ],
}

const linesEach = 2000
const users = 'amara bruno chidi dalia elif farid greta hana ivo jonas kira lena milan noor otto priya'.split(' ')
const reasons = ['connection refused', 'insufficient funds', 'deadline exceeded', 'no route to host', 'bad certificate']
const pages = ['', 'index.html', 'products', 'products/list', 'search', 'login', 'static/app.js', 'static/app.css']

export function ownSamples(): SampleSource[] {
  return Object.entries(services).map(([name, templates], n) => {
    const random = openRandom(n + 1)
    const recent = new Map<string, string>()
    const valueOf = (kind: string): string => {
      // Half of the time a line speaks of the same thing as the line before.
      const last = recent.get(kind)
      const value = last !== undefined && random() < 0.5 ? last : drawValue(kind, random)
      recent.set(kind, value)
      return value
    }
    const lines = Array.from({ length: linesEach }, (): SampleLine => {
      // Squared, so that some templates are much more frequent than others.
      const index = Math.floor(random() ** 2 * templates.length)
      const [, level, logger, message] = /^(\S+) (\S+) (.*)$/.exec(templates[index]!)!
      const pieces = message!.split(/\{(\w+)\}/)
      return {
        level: level!,
        logger: logger!,
        template: String(index),
        parts: pieces.filter((_, i) => i % 2 === 0),
        values: pieces.filter((_, i) => i % 2 === 1).map(valueOf),
      }
    })
    return { name, weight: n + 1, lines }
  })
}

function drawValue(kind: string, random: Random): string {
  const ip = (): string => `10.${random.below(4)}.${random.below(40)}.${random.below(250)}`
  switch (kind) {
    case 'user':
      return random.pick(users)
    case 'reason':
      return random.pick(reasons)
    case 'page':
      return random.pick(pages)
    case 'letter':
      return random.pick(['a', 'b', 'c'])
    case 'uuid':
      return [8, 4, 4, 4, 12].map((digits) => random.hex(digits)).join('-')
    case 'hex':
      return random.hex(16)
    case 'long':
      return random.digits(19)
    case 'id':
      return random.digits(7)
    case 'sku':
      return `SKU-${1000 + Math.floor(random() ** 3 * 400)}`
    case 'ip':
      return ip()
    case 'address':
      return `10.0.7.${1 + random.below(12)}:5432`
    case 'money':
      return (5 * Math.exp(random.normal())).toFixed(2)
    case 'ms':
      return String(Math.ceil(12 * Math.exp(random.normal())))
    case 'size':
      return String(Math.ceil(4096 * Math.exp(random.normal())))
    default:
      return String(random.below(60))
  }
}
