// Brings new stock from the supplier's feed, page by page. The feed is unreliable and so is this program: now and then a
// malformed page crashes it, and it is started again.
import { setTimeout as sleep } from 'node:timers/promises'

const shop = process.env['SHOP_URL'] ?? 'http://127.0.0.1:7431'

interface Delivery {
  sku: string
  quantity: number
}

/** What the supplier sends: half of what the shop is short of, and now and then not the whole text. */
function fetchPage(page: number, short: string[]): string {
  const deliveries = short.filter(() => Math.random() < 0.5).map((sku) => ({ sku, quantity: 8 }))
  const text = JSON.stringify({ page, deliveries })
  return page > 8 && Math.random() < 0.06 ? text.slice(0, -7) : text
}

async function fetchShort(): Promise<string[]> {
  const response = await fetch(`${shop}/products`)
  const products = (await response.json()) as { sku: string; stock: number }[]
  return products.filter((product) => product.stock < 25).map((product) => product.sku)
}

function parsePage(text: string): Delivery[] {
  return (JSON.parse(text) as { deliveries: Delivery[] }).deliveries
}

async function deliver({ sku, quantity }: Delivery): Promise<void> {
  await fetch(`${shop}/stock`, { method: 'POST', body: JSON.stringify({ sku, quantity }) })
  console.log(`INFO  delivered ${quantity} × ${sku}`)
}

process.once('SIGTERM', () => process.exit(0))

console.log('INFO  supplier feed connected')
for (let page = 1; ; page++) {
  await sleep(2500)
  const short = await fetchShort().catch(() => undefined)
  if (!short) {
    console.error('WARN  the shop does not answer, waiting')
    continue
  }
  const deliveries = parsePage(fetchPage(page, short))
  console.log(`DEBUG page ${page}: ${deliveries.length} deliveries`)
  for (const delivery of deliveries) await deliver(delivery)
}
