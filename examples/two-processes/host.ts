// The host: takes orders, gives each to its worker, and logs what comes back.
import { fork } from 'node:child_process'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getLogger, withContext } from 'logboom-logger'

const logDir = process.env['EXAMPLE_LOGS'] ?? 'logs'
const logger = getLogger('host', { logDir, level: 'debug' })
const worker = fork(path.join(import.meta.dirname, 'worker.ts'), { env: { ...process.env, LOGBOOM_PROCESS: 'worker' } })

logger.info({ worker: worker.pid }, 'host is up')
worker.on('message', ({ order, seconds, error }: { order: number; seconds: number; error?: string }) => {
  withContext({ order }, () => {
    if (error === undefined) logger.info({ seconds }, 'order is done')
    else logger.error('order failed: %s', error)
  })
})

for (let order = 1; order <= 5; order++) {
  withContext({ order }, () => logger.debug('order goes to the worker'))
  worker.send({ order })
  await sleep(120)
}
worker.send('stop')
worker.on('exit', (code) => logger.info('worker ended with code %d', code ?? -1))
