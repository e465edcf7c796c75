// A root logger: pino's front, whose records go to our outlets. Nothing that goes wrong in a log call reaches the caller (C13).
import { pino } from 'pino'
import { addedLevels, levelHint, parseLevel } from '../level/levels.ts'
import type { Level } from '../level/levels.ts'
import type { Logger } from '../logger.ts'
import type { Settings } from '../options/parse-options.ts'
import { callSiteFields } from './call-site.ts'
import { contextFields, traceFields } from './context.ts'
import { fieldsOfJson, joinFields, noFields, readFields, type FieldTexts } from './field-texts.ts'
import type { Entry } from './line-texts.ts'
import { partsOf, setLevelSymbol, standardErrorSerializer, writeSymbol, type PinoParts } from './pino-parts.ts'

export interface PinoOptions extends Pick<Settings, 'redact' | 'serializers' | 'callsite'> {
  name: string
  /** pino's label. */
  level: string
  /** Some outlet writes lines of text. */
  wantsText: boolean
  write(entry: Entry): void
  /** Something went wrong while a record was made. */
  failed(error: unknown): void
}

const nameSymbol = Symbol('name')
const childrenSymbol = Symbol('children')
const bindingsFieldsSymbol = Symbol('fields of the bindings')

/** An instance of pino with what is ours. */
interface OwnInstance extends Logger {
  [nameSymbol]: string
  [childrenSymbol]?: Map<string, OwnInstance>
  [bindingsFieldsSymbol]?: FieldTexts
  [key: symbol]: unknown
}

type Fields = Readonly<Record<string, unknown>>
type Method = (...values: unknown[]) => unknown

/** Destination of pino, which never gets anything: records leave before they become its lines. */
const nowhere = { write: (): void => {} }
const nothing: Fields = {}

export function openPino({
  name,
  level,
  redact,
  serializers,
  callsite,
  wantsText,
  write,
  failed,
}: PinoOptions): Logger {
  const root = pino(
    {
      base: null,
      level,
      customLevels: addedLevels,
      serializers: { err: standardErrorSerializer, ...serializers } as Record<string, (value: unknown) => unknown>,
      ...(redact && { redact: (Array.isArray(redact) ? [...(redact as string[])] : redact) as string[] }),
    },
    nowhere,
  ) as unknown as OwnInstance
  root[nameSymbol] = name

  function record(this: OwnInstance, given: unknown, text: string | undefined, value: number): void {
    const time = Date.now()
    const parts = partsOf(this)
    let object = nothing
    let message = text
    if (given instanceof Error) {
      object = { err: given }
      message ??= given.message
    } else if (given !== null && given !== undefined) {
      object = given as Fields
      if (message === undefined) message = messageIn(object)
    }
    let fields = noFields
    try {
      fields = object === nothing ? noFields : readFields(parts, object, wantsText)
    } catch (error) {
      // A getter or serializer that throws: the message is logged all the same.
      failed(error)
    }
    if (parts.bindings !== '') fields = joinFields(bindingFields(this, parts.bindings), fields)
    const context = contextFields(root)
    if (context !== noFields) fields = joinFields(context, fields)
    const trace = traceFields()
    if (trace !== noFields) fields = joinFields(fields, trace)
    if (callsite) fields = joinFields(fields, callSiteFields())
    write({ time, value, logger: this[nameSymbol], message: shownMessage(parts, message), fields })
  }

  root[writeSymbol] = record
  const setLevel = root[setLevelSymbol] as Method
  root[setLevelSymbol] = function (this: OwnInstance, wanted: unknown): void {
    setLevel.call(this, labelOf(wanted))
    const methods = this as unknown as Record<string, Method>
    const { values } = (this as unknown as { levels: { values: Record<string, number> } }).levels
    // Methods below the level stay pino's empty one.
    for (const name of methodNames) if (values[name]! >= this.levelVal) methods[name] = guarded(methods[name]!, failed)
  }
  root.level = level as Level
  const isEnabled = root.isLevelEnabled
  const own: ThisType<OwnInstance> & PropertyDescriptorMap = {
    name: {
      get(this: OwnInstance) {
        return this[nameSymbol]
      },
    },
    isLevelEnabled: {
      value(this: OwnInstance, wanted: unknown) {
        return isEnabled.call(this, labelOf(wanted) as Level)
      },
    },
    getChild: { value: getChild },
  }
  return Object.defineProperties(root, own)
}

const methodNames = ['trace', 'debug', 'info', 'warn', 'warning', 'error', 'critical', 'fatal'] as const

/** Calls `listener` after the level of this very logger was set. */
export function onLevelChange(logger: Logger, listener: () => void): void {
  interface Emitter {
    on(event: 'level-change', listener: (...news: unknown[]) => void): void
  }
  ;(logger as unknown as Emitter).on('level-change', (...news) => {
    if (news[4] === logger) listener()
  })
}

function labelOf(wanted: unknown): string {
  const label = typeof wanted === 'string' ? parseLevel(wanted) : undefined
  if (label === undefined) throw new TypeError(`There is no level ${JSON.stringify(wanted)}. ${levelHint}`)
  return label
}

function guarded(method: Method, failed: (error: unknown) => void): Method {
  return function (this: unknown, ...values: unknown[]): void {
    try {
      method.apply(this, values)
    } catch (error) {
      failed(error)
    }
  }
}

function getChild(this: OwnInstance, part: unknown): OwnInstance {
  if (typeof part !== 'string' || part === '')
    throw new TypeError('getChild: the name must be a text that is not empty, e.g. getChild("db").')
  if (!Object.hasOwn(this, childrenSymbol)) this[childrenSymbol] = new Map()
  const children = this[childrenSymbol]!
  let child = children.get(part)
  if (!child) {
    child = this.child({}) as OwnInstance
    child[nameSymbol] = `${this[nameSymbol]}.${part}`
    children.set(part, child)
  }
  return child
}

function messageIn(object: Fields): string | undefined {
  const { msg, err } = object
  if (msg !== undefined) return typeof msg === 'string' ? msg : (JSON.stringify(msg) as string | undefined)
  return err !== null && typeof err === 'object' && typeof (err as Error).message === 'string'
    ? (err as Error).message
    : undefined
}

/** Serializer and redaction of `msg` apply to messages, as in pino. */
function shownMessage({ serializers, redactors }: PinoParts, message: unknown): string {
  const { msg: serializer } = serializers
  const value = serializer === undefined || message === undefined ? message : serializer(message)
  const redactor = redactors['msg']
  const shown: unknown = redactor === undefined || value === undefined ? value : parseOr(redactor(value))
  return typeof shown === 'string' ? shown : shown === undefined || shown === null ? '' : JSON.stringify(shown)
}

function parseOr(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json)
}

/** Kept with the instance until its bindings change. */
function bindingFields(instance: OwnInstance, json: string): FieldTexts {
  const known = instance[bindingsFieldsSymbol]
  return known?.json === json ? known : (instance[bindingsFieldsSymbol] = fieldsOfJson(json))
}
