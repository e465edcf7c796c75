// Records of every pino in the process, without a patch: pino tells each finished line on a diagnostics channel.
import { tracingChannel } from 'node:diagnostics_channel'
import { tell } from '../tell.ts'
import type { Intake } from './open-intake.ts'
import { readJsonRecord } from './json-record.ts'

interface TracedLine {
  instance?: object
  /** The finished line. */
  result?: unknown
}

/** `isShown`: whether lines of this instance are on standard output already and read there. */
export function followPino(take: Intake, isShown: (descriptor: number | undefined) => boolean): () => void {
  const end = (message: unknown): void => {
    const { instance, result } = message as TracedLine
    if (typeof result !== 'string' || instance === undefined) return
    try {
      if (isShown(descriptorOf(instance))) return
      const record = JSON.parse(result) as Record<string, unknown>
      take(readJsonRecord(record, Date.now(), messageKeyOf(instance)))
    } catch {
      // A format of its own, such as a line that is no JSON.
      take({ time: Date.now(), value: 30, message: result.trimEnd() })
    }
  }
  const channel = tracingChannel('pino_asJson')
  channel.end.subscribe(end)
  return () => void channel.end.unsubscribe(end)
}

/** pino's symbols differ in each copy of it; their descriptions do not. */
function valueOf(instance: object, name: string): unknown {
  for (let each: object | null = instance; each !== null; each = Object.getPrototypeOf(each) as object | null) {
    const symbol = Object.getOwnPropertySymbols(each).find(({ description }) => description === name)
    if (symbol) return (each as Record<symbol, unknown>)[symbol]
  }
  return undefined
}

const descriptors = new WeakMap<object, number | undefined>()

function descriptorOf(instance: object): number | undefined {
  if (!descriptors.has(instance)) {
    const stream = valueOf(instance, 'pino.stream') as { fd?: unknown } | undefined
    descriptors.set(instance, typeof stream?.fd === 'number' ? stream.fd : undefined)
  }
  return descriptors.get(instance)
}

function messageKeyOf(instance: object): string {
  const key = valueOf(instance, 'pino.messageKey')
  return typeof key === 'string' ? key : 'msg'
}

/** The first version that tells its lines. */
const [leastMajor, leastMinor] = [9, 10]

/** To be given what an application's pino exports. */
export function tellOldPino({ version }: { version?: unknown }): void {
  const [major = 0, minor = 0] = String(version).split('.').map(Number)
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return
  const shown = String(version)
  tell(
    `pino ${shown}`,
    `pino ${shown} tells nobody of its records: with register they are kept from pino ${leastMajor}.${leastMinor} on; or use the transport logboom-logger/pino`,
  )
}
