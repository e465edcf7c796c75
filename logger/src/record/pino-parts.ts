// pino's insides that the logger leans on, in one place: its instances keep bindings, serializers and redaction under symbols.
import { pino } from 'pino'

type Stringify = (value: unknown, safe?: unknown) => string | undefined

/** An instance of pino, as its own methods see it. */
export interface PinoParts {
  /** JSON text of the bindings: `,"a":1`, or nothing. */
  readonly bindings: string
  readonly serializers: Readonly<Record<string, ((value: unknown) => unknown) | undefined>>
  /** JSON text of redacted values, by first key. */
  readonly redactors: Readonly<Record<string, Stringify | undefined>>
  readonly anyRedactor: Stringify | undefined
  readonly stringify: Stringify
  readonly stringifySafe: unknown
  /** JSON text of an argument of a message, redacted. */
  readonly stringifyArgument: Stringify
}

type Instance = Record<symbol, unknown>

const symbols = pino.symbols as unknown as Record<string, symbol>
export const writeSymbol: symbol = symbols['writeSym']!
export const setLevelSymbol: symbol = symbols['setLevelSym']!
const bindingsSymbol = symbols['chindingsSym']!
const serializersSymbol = symbols['serializersSym']!
const redactorsSymbol = symbols['stringifiersSym']!
const wildcardSymbol = symbols['wildcardFirstSym']!
const stringifySymbol = symbols['stringifySym']!
const safeSymbol = symbols['stringifySafeSym']!
const formatSymbol = symbols['formatOptsSym']!

export const standardErrorSerializer = pino.stdSerializers.err as (value: unknown) => unknown

export function bindingsOf(instance: object): string {
  return (instance as Instance)[bindingsSymbol] as string
}

export function partsOf(instance: object): PinoParts {
  const parts = instance as Instance
  const redactors = parts[redactorsSymbol] as PinoParts['redactors']
  return {
    bindings: parts[bindingsSymbol] as string,
    serializers: parts[serializersSymbol] as PinoParts['serializers'],
    redactors,
    anyRedactor: (redactors as unknown as Record<symbol, Stringify | undefined>)[wildcardSymbol],
    stringify: parts[stringifySymbol] as Stringify,
    stringifySafe: parts[safeSymbol],
    stringifyArgument: (parts[formatSymbol] as { stringify: Stringify }).stringify,
  }
}

/** Values that pino's own ways cannot show are shown by `last`; children inherit it. */
export function showCarefully(instance: object, isRedacting: boolean, last: Stringify): void {
  const parts = instance as Instance
  const safe = parts[safeSymbol] as Stringify
  const stringify = parts[stringifySymbol] as Stringify
  const careful: Stringify = (value) => {
    try {
      return safe(value)
    } catch {
      return last(value)
    }
  }
  parts[safeSymbol] = careful
  if (!isRedacting) parts[formatSymbol] = { stringify: (value: unknown) => stringify(value, careful) }
}

/** Adds to the bindings of an instance. */
export function addBindings(instance: object, json: string): void {
  const parts = instance as Instance
  parts[bindingsSymbol] = (parts[bindingsSymbol] as string) + json
}
