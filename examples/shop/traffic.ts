// Customers: looks around and buys, more at some times than at others, with a rush every so often. Prints a summary in
// the form that Logboom's own logger uses.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

const shop = process.env['SHOP_URL'] ?? 'http://127.0.0.1:7431'
const skus = ['kettle-01', 'mug-07', 'board-03', 'apron-02', 'lamp-11', 'candle-05', 'basket-04']
const summaryEveryMs = 5000

let answers: { status: number; durationMs: number }[] = []
let unreachable = 0
let lastOrder = ''

function print(level: 'DEBUG' | 'INFO' | 'WARNING', message: string): void {
  const now = new Date()
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
  console.log(`${local.toISOString().slice(0, 23).replace('T', ' ')} [${process.pid}] [${level}] ${message}`)
}

function pick<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)]!
}

/** What a customer does next: mostly looks, often buys, sometimes asks for what is not there. */
function nextRequest(): [method: string, path: string, body?: unknown] {
  const luck = Math.random()
  if (luck < 0.25) return ['GET', '/products']
  if (luck < 0.6) return ['GET', `/products/${pick(skus)}`]
  if (luck < 0.63) return ['GET', '/products/teapot-99']
  if (luck < 0.73 && lastOrder) return ['GET', `/orders/${lastOrder}`]
  if (luck < 0.75) return ['POST', '/orders', { sku: pick(skus), quantity: 0 }]
  return ['POST', '/orders', { sku: pick(skus), quantity: pick([1, 1, 1, 2, 2, 3, 6]) }]
}

async function visit(): Promise<void> {
  const [method, path, body] = nextRequest()
  const began = performance.now()
  try {
    const response = await fetch(shop + path, {
      method,
      headers: { 'x-trace-id': randomBytes(16).toString('hex') },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const answer = (await response.json()) as { id?: string }
    if (response.status === 201 && answer.id) lastOrder = answer.id
    answers.push({ status: response.status, durationMs: performance.now() - began })
  } catch {
    unreachable++
  }
}

function summarize(): void {
  const count = (from: number, to: number): number => answers.filter((a) => a.status >= from && a.status < to).length
  const durations = answers.map((a) => a.durationMs).sort((a, b) => a - b)
  const median = Math.round(durations[durations.length >> 1] ?? 0)
  const failed = count(500, 600)
  const parts = [`${count(400, 500)} refused`, `${failed} failed`, `median ${median} ms`]
  print(failed > 1 ? 'WARNING' : 'INFO', `${answers.length} visits: ${parts.join(', ')}`)
  if (unreachable > 0) print('WARNING', `shop was not reachable ${unreachable} times`)
  answers = []
  unreachable = 0
}

process.once('SIGTERM', () => {
  print('INFO', 'the street is empty')
  process.exit(0)
})

print('INFO', `customers are on their way to ${shop}`)
setInterval(summarize, summaryEveryMs)

const began = Date.now()
let nextRush = began + 20_000
for (;;) {
  const wave = 2.5 + 2 * Math.sin(((Date.now() - began) / 60_000) * Math.PI * 2)
  await sleep(-Math.log(1 - Math.random()) * (1000 / wave))
  void visit()
  if (Date.now() < nextRush) continue
  const visitors = 15 + Math.floor(Math.random() * 15)
  nextRush = Date.now() + 30_000 + Math.random() * 30_000
  print('DEBUG', `rush of ${visitors} customers`)
  for (let index = 0; index < visitors; index++) {
    void visit()
    await sleep(40)
  }
}
