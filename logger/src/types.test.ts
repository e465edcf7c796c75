// What compiles and what does not: `npm run typecheck` is the test, this file only has to be there and to run.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { auditLog, getLogger, Logger, LoggerOptions, MonitorMessage, withContext } from './index.ts'

type Options = Parameters<typeof getLogger>[1]

test('options and calls are typed precisely', () => {
  const right: LoggerOptions[] = [
    { logDir: 'logs', level: 'DEBUG', maxSize: '10MB', keep: 3, compress: 'zstd', archiveDir: 'old', format: 'json' },
    { maxSize: 4096, utc: true, console: false, file: false, callsite: true, app: 'shop', hub: false },
    {
      redact: ['a.b'],
      hub: { url: 'http://127.0.0.1:7474', token: 't' },
      serializers: { user: (user: { id: number }) => user.id },
    },
    { redact: { paths: ['a'], censor: (value, path) => `${path.join('.')}: ${typeof value}`, remove: false } },
  ]
  const wrong: Options[] = [
    // @ts-expect-error unknown option
    { levle: 'debug' },
    // @ts-expect-error no such level
    { level: 'loud' },
    // @ts-expect-error no size
    { maxSize: '10 apples' },
    // @ts-expect-error a number is meant
    { keep: '5' },
    // @ts-expect-error no such compression
    { compress: 'rar' },
    // @ts-expect-error no such format
    { format: 'xml' },
    // @ts-expect-error url is missing
    { hub: { token: 't' } },
    // @ts-expect-error unknown option of the hub
    { hub: { url: 'http://127.0.0.1', tokn: 't' } },
    // @ts-expect-error no function
    { serializers: { user: 'name' } },
  ]
  assert.equal(right.length + wrong.length, 13)
})

/** Never called. */
export async function compile(
  logger: Logger,
  audit: typeof auditLog,
  inContext: typeof withContext,
  message: MonitorMessage,
): Promise<void> {
  logger.info('text %s %d', 'a', 1)
  logger.info({ a: 1 }, 'text')
  logger.error(new Error('x'), 'text')
  logger
    .child({ a: 1 }, { level: 'debug', redact: ['a'] })
    .getChild('db')
    .critical('x')
  logger.level = 'WARNING'
  logger.levelVal satisfies number
  logger.metrics().levels.INFO satisfies number
  await (logger.flush() satisfies Promise<void>)
  await (inContext({ request_id: 'r' }, async () => 7) satisfies Promise<number>)
  audit(logger, 'x', { action: 'instance_spawn', metadata: { a: 1 }, level: 'error' })
  if (message.type === 'audit_log') message.data.action satisfies string | undefined
  else message.data.line satisfies number
  // @ts-expect-error no such level
  logger.level = 'loud'
  // @ts-expect-error no such method
  logger.shout('x')
  // @ts-expect-error unknown option of children
  logger.child({}, { levle: 'debug' })
  // @ts-expect-error the name is given by getLogger
  logger.name = 'other'
  // @ts-expect-error no such detail
  audit(logger, 'x', { acton: 'x' })
  // @ts-expect-error nothing is logged at silent
  audit(logger, 'x', { level: 'silent' })
  // @ts-expect-error there is no such level in metrics
  void logger.metrics().levels.FATAL
}
