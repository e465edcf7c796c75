// winston's records in a logger: a transport among its others.
import Transport from 'winston-transport'
import { openIntake, type Intake, type IntakeOptions } from './adapters/open-intake.ts'
import { readWinstonInfo } from './adapters/winston-record.ts'

/**
 * A transport for winston 3.
 * @example
 * const log = winston.createLogger({ transports: [new LogboomTransport({ name: 'shop', logDir: 'logs' })] })
 * log.warn('slow', { ms: 1200 }) // 2025-10-19 05:55:47.606 [4157] [WARNING] slow ms=1200
 */
export class LogboomTransport extends Transport {
  readonly #take: Intake

  constructor(options: IntakeOptions = {}) {
    super({})
    this.#take = openIntake(options)
  }

  override log(info: Readonly<Record<PropertyKey, unknown>>, next: () => void): void {
    this.#take(readWinstonInfo(info, Date.now()))
    next()
  }
}

export default LogboomTransport
