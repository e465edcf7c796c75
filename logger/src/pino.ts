// pino's records in a logger: the target of a transport, in the thread that pino makes for it.
import { Writable } from 'node:stream'
import { openIntake, type IntakeOptions } from './adapters/open-intake.ts'
import { readJsonRecord } from './adapters/json-record.ts'
import { closeLoggers } from './get-logger.ts'

export interface PinoTransportOptions extends IntakeOptions {
  /** Key of the message, as pino was told. Default: `msg`. */
  messageKey?: string
}

/**
 * The target of a transport for pino; pino itself calls this.
 * @example
 * const log = pino(pino.transport({ target: 'logboom-logger/pino', options: { name: 'shop', logDir: 'logs' } }))
 * log.info({ user: 'ann' }, 'signed in') // 2025-10-19 05:55:47.606 [4157] [INFO] signed in user=ann
 */
export default function pinoTransport(given: PinoTransportOptions = {}): Writable {
  // pino adds words of its own: the version of its threads, and an offer to send its settings.
  type FromPino = PinoTransportOptions & { $context?: unknown; pinoWillSendConfig?: unknown }
  const { messageKey, $context: _threads, pinoWillSendConfig: _offer, ...options } = given as FromPino
  const take = openIntake(options)
  let rest = ''
  const takeLine = (line: string): void => {
    if (line.trim() === '') return
    const record = parseObject(line)
    take(
      record
        ? readJsonRecord(record, Date.now(), messageKey)
        : { time: Date.now(), value: 30, message: line, fields: undefined },
    )
  }
  return new Writable({
    decodeStrings: false,
    write(piece: string | Buffer, _encoding, next) {
      const lines = (rest + String(piece)).split('\n')
      rest = lines.pop()!
      lines.forEach(takeLine)
      next()
    },
    final(next) {
      takeLine(rest)
      void close(next)
    },
  })
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

async function close(done: (error?: Error) => void): Promise<void> {
  let failure: Error | undefined
  try {
    await closeLoggers()
  } catch (error) {
    failure = error as Error
  }
  done(failure)
}
