// Records of every winston logger in the process: each gets a transport of ours, also when it is configured anew.
import type { Intake } from './open-intake.ts'
import type { Patch } from './patch-libraries.ts'
import { readWinstonInfo } from './winston-record.ts'

type Info = Readonly<Record<PropertyKey, unknown>>
interface TransportOptions {
  log(info: Info, next: () => void): void
}
interface Winston {
  Transport: new (options: TransportOptions) => object
  Logger: { prototype: { configure(...given: unknown[]): unknown; add(transport: object): unknown } }
  /** Adds to the logger that winston itself is. */
  add(transport: object): unknown
  transports: { Console: { prototype: { log(info: Info, next?: () => void): void } } }
}

/** `isSilent`: what the console transport would print is read where we print it, so it prints nothing. */
export function followWinston(take: Intake, isSilent: () => boolean): Patch {
  return (winston: Winston) => {
    const { Transport, Logger, transports } = winston
    const log = (info: Info, next: () => void): void => {
      take(readWinstonInfo(info, Date.now()))
      next()
    }
    const { configure } = Logger.prototype
    Logger.prototype.configure = function (...given) {
      const result = configure.apply(this, given)
      this.add(new Transport({ log }))
      return result
    }
    winston.add(new Transport({ log }))
    const { prototype } = transports.Console
    const print = prototype.log
    prototype.log = function (this: unknown, info, next) {
      if (isSilent()) next?.()
      else print.call(this as never, info, next)
    }
  }
}
