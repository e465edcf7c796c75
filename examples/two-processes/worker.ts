// The worker: does what the host sends, slowly, and not always well. The name of its log comes from the environment.
import { setTimeout as sleep } from 'node:timers/promises'
import { getLoggerFromEnv, withContext } from 'logboom-logger'

const logger = getLoggerFromEnv({ logDir: process.env['EXAMPLE_LOGS'] ?? 'logs' })
const stock = logger.getChild('stock')
let before = Promise.resolve()

logger.info('worker is up')
process.on('message', (message: { order: number } | 'stop') => {
  before = before.then(() => (message === 'stop' ? process.disconnect!() : work(message.order)))
})

async function work(order: number): Promise<void> {
  const startedAt = performance.now()
  await withContext({ order }, async () => {
    stock.info('looking into the stock')
    await sleep(80)
    const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(3))
    if (order % 4 !== 0) return process.send!({ order, seconds })
    const error = new Error('nothing left on the shelf')
    stock.error(error)
    process.send!({ order, seconds, error: error.message })
  })
}
