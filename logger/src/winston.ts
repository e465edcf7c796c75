// winston's records in a logger: a transport among its others. It needs nothing of winston, which takes any stream of objects.
import { Writable } from 'node:stream'
import { openIntake, type Intake, type IntakeOptions } from './adapters/open-intake.ts'
import { readWinstonInfo } from './adapters/winston-record.ts'
import { attempt, messageText } from './record/cannot-be-shown.ts'

type Info = Readonly<Record<PropertyKey, unknown>>

/** The logger that a transport is added to, as far as the transport reads it. */
interface Parent {
  level?: string
  levels?: Readonly<Record<string, number>>
}

/**
 * A transport for winston 3. It takes what winston's own level lets through.
 * @example
 * const log = winston.createLogger({ transports: [new LogboomTransport({ name: 'shop', logDir: 'logs' })] })
 * log.warn('slow', { ms: 1200 }) // 2025-10-19 05:55:47.606 [4157] [WARNING] slow ms=1200
 */
export class LogboomTransport extends Writable {
  readonly #take: Intake
  #parent: Parent | undefined

  constructor(options: IntakeOptions = {}) {
    super({ objectMode: true })
    this.#take = openIntake(options)
    this.on('pipe', (logger) => {
      this.#parent = logger as Parent
    })
  }

  log(info: Info, next: () => void): void {
    this.#take(readWinstonInfo(info, Date.now()))
    next()
  }

  override _write(info: Info, _encoding: BufferEncoding, next: () => void): void {
    if (isBelow(messageText(attempt(() => info[Symbol.for('level')] ?? info['level'])), this.#parent)) next()
    else this.log(info, next)
  }
}

/** winston's numbers grow as levels get less severe. */
function isBelow(level: string, { level: least, levels }: Parent = {}): boolean {
  const [number, mostNumber] = [levels?.[level], levels?.[least ?? '']]
  return number !== undefined && mostNumber !== undefined && number > mostNumber
}
