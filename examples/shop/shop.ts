// What the shop knows: its products, orders and the jobs they cause. All in memory; the API in api.ts speaks for it.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Product {
  sku: string
  name: string
  /** In cents. */
  price: number
  stock: number
  sold: number
}

export interface Order {
  id: string
  sku: string
  quantity: number
  /** In cents. */
  total: number
}

export interface Job {
  id: number
  task: 'pack' | 'confirm' | 'thumbnail'
  order: string
  sku: string
  quantity: number
  traceId: string
}

/** A refusal that the customer is told, with its HTTP status. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
  }
}

const goods: [sku: string, name: string, price: number][] = [
  ['kettle-01', 'Copper kettle', 6900],
  ['mug-07', 'Enamel mug', 1250],
  ['board-03', 'Walnut board', 4400],
  ['apron-02', 'Linen apron', 3600],
  ['lamp-11', 'Brass desk lamp', 8900],
  ['candle-05', 'Beeswax candle', 950],
  ['basket-04', 'Willow basket', 2750],
]

export const products: Map<string, Product> = new Map(
  goods.map(([sku, name, price]) => [sku, { sku, name, price, stock: 30, sold: 0 }]),
)
export const jobs: Job[] = []
const orders = new Map<string, Order>()
let lastOrder = 1000
let lastJob = 0

export function findProduct(sku: string): Product {
  const product = products.get(sku)
  if (!product) throw new Refusal(404, `no product ${sku}`)
  return product
}

export function findOrder(id: string): Order {
  const order = orders.get(id)
  if (!order) throw new Refusal(404, `no order ${id}`)
  return order
}

export function addStock(sku: string, quantity: number): Product {
  const product = findProduct(sku)
  product.stock += quantity
  return product
}

export async function placeOrder(sku: string, quantity: number, traceId: string): Promise<Order> {
  const product = findProduct(sku)
  if (!Number.isInteger(quantity) || quantity < 1) throw new Refusal(422, `quantity must be a whole number from 1`)
  if (product.stock < quantity) throw new Refusal(409, `only ${product.stock} of ${product.name} left`)
  const order = { id: `ORD-${++lastOrder}`, sku, quantity, total: quantity * product.price }
  await charge(order)
  product.stock -= quantity
  product.sold += quantity
  orders.set(order.id, order)
  for (const task of ['pack', 'confirm'] as const) addJob(task, order, traceId)
  if (lastOrder % 9 === 0) addJob('thumbnail', order, traceId)
  return order
}

function addJob(task: Job['task'], order: Order, traceId: string): void {
  jobs.push({ id: ++lastJob, task, order: order.id, sku: order.sku, quantity: order.quantity, traceId })
}

/** The card terminal's provider: usually quick, sometimes slow, now and then not there. */
async function charge(order: Order): Promise<void> {
  const luck = Math.random()
  await sleep(luck < 0.9 ? 20 + luck * 80 : 350 + Math.random() * 500)
  if (luck > 0.97) {
    const cause = new Error('connect ETIMEDOUT 203.0.113.17:443')
    throw new Error(`payment provider did not answer for ${order.id}`, { cause })
  }
}

/** Tab-separated lines for the report: name, sold, stock, revenue in cents. */
export function formatReport(): string {
  const line = (p: Product): string => [p.name, p.sold, p.stock, p.sold * p.price].join('\t')
  return [...products.values()].map(line).join('\n') + '\n'
}
