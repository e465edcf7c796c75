// The shop's HTTP service: plain node:http, logging with pino as many services do. One JSON line per request.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { addStock, findOrder, findProduct, formatReport, jobs, placeOrder, products, Refusal } from './shop.ts'

const port = Number(process.env['SHOP_PORT'] ?? 7431)
const log = pino({ name: 'shop.api', level: 'debug', base: { pid: process.pid } })

interface Answer {
  status: number
  body: unknown
}

interface Call {
  traceId: string
  body: () => Promise<Record<string, unknown>>
}

type Route = (call: Call, id: string) => Promise<Answer> | Answer

const routes: Record<string, Route> = {
  'GET /health': () => ({ status: 200, body: { ok: true } }),
  'GET /products': () => ({ status: 200, body: [...products.values()] }),
  'GET /products/:id': async ({ traceId }, sku) => {
    const hit = Math.random() < 0.7
    log.debug({ traceId, sku, hit }, hit ? 'price cache hit' : 'price cache miss')
    if (!hit) await sleep(15 + Math.random() * 40)
    return { status: 200, body: findProduct(sku) }
  },
  'GET /orders/:id': (_, id) => ({ status: 200, body: findOrder(id) }),
  'POST /orders': async ({ traceId, body }) => {
    const { sku, quantity } = await body()
    const order = await placeOrder(String(sku), Number(quantity), traceId)
    log.info({ traceId, order }, `order ${order.id} placed: ${order.quantity} × ${order.sku}`)
    return { status: 201, body: order }
  },
  'POST /stock': async ({ body }) => {
    const { sku, quantity } = await body()
    const product = addStock(String(sku), Number(quantity))
    log.info({ sku, stock: product.stock }, `stock of ${product.name} is now ${product.stock}`)
    return { status: 200, body: product }
  },
  'POST /jobs/next': () => ({ status: jobs.length > 0 ? 200 : 204, body: jobs.shift() }),
  'GET /report': () => ({ status: 200, body: formatReport() }),
}

/** Asked for so often that a line each would only hide the others. */
const quiet = new Set(['GET /health', 'POST /jobs/next', 'GET /report'])

async function answer(request: IncomingMessage, traceId: string): Promise<Answer & { route: string }> {
  const url = new URL(request.url ?? '/', 'http://shop')
  const [, first = '', id = ''] = url.pathname.split('/')
  const exact = `${request.method} ${url.pathname}`
  const route = exact in routes ? exact : `${request.method} /${first}/:id`
  const call = { traceId, body: async () => JSON.parse(await text(request)) as Record<string, unknown> }
  try {
    const handle = routes[route]
    if (!handle) throw new Refusal(404, `nothing at ${url.pathname}`)
    return { ...(await handle(call, id)), route }
  } catch (error) {
    if (error instanceof Refusal) {
      log.warn({ traceId, status: error.status }, error.message)
      return { status: error.status, body: { error: error.message }, route }
    }
    log.error({ traceId, err: error }, 'request failed')
    return { status: 502, body: { error: 'try again later' }, route }
  }
}

const server = createServer(async (request, response) => {
  const began = performance.now()
  const traceId = String(request.headers['x-trace-id'] ?? randomBytes(16).toString('hex'))
  const { status, body, route } = await answer(request, traceId)
  const isText = typeof body === 'string'
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' })
  response.end(isText ? body : JSON.stringify(body))

  const durationMs = Math.round((performance.now() - began) * 10) / 10
  const line = `${request.method} ${request.url} ${status}`
  if (durationMs > 400) log.warn({ traceId, durationMs }, `slow: ${line}`)
  else if (!quiet.has(route)) log.info({ traceId, status, durationMs }, line)
})

server.on('error', (error) => {
  log.fatal({ err: error }, `cannot listen on port ${port}; choose another with SHOP_PORT`)
  process.exit(1)
})
server.listen(port, '127.0.0.1', () => log.info({ port }, `shop is open on http://127.0.0.1:${port}`))

process.once('SIGTERM', () => {
  log.info({ openJobs: jobs.length }, 'shop is closing')
  process.exit(0)
})
