// A root logger: pino's front, whose records go to our outlets. Nothing that goes wrong in a log call reaches the caller (C13).
import { pino } from 'pino'
import { addedLevels, levelHint, parseLevel } from '../level/levels.ts'
import type { Level } from '../level/levels.ts'
import type { ChildOptions, Logger } from '../logger.ts'
import type { Settings } from '../options/parse-options.ts'
import { callSiteFields } from './call-site.ts'
import { attempt, cannotBeShown, carefulJson, messageText } from './cannot-be-shown.ts'
import { contextFields, traceFields } from './context.ts'
import { carefulEntryParts, entryParts, readableObject } from './entry-parts.ts'
import { serializeError } from './error-fields.ts'
import { fieldsOfJson, joinFields, noFields, readFieldsCarefully, type FieldTexts, type Wanted } from './field-texts.ts'
import { formatCarefully } from './format-carefully.ts'
import type { Entry } from './line-texts.ts'
import { addBindings, partsOf, setLevelSymbol, showCarefully, writeSymbol } from './pino-parts.ts'

export interface PinoOptions extends Pick<Settings, 'redact' | 'serializers' | 'callsite'> {
  name: string
  /** pino's label. */
  level: string
  wanted(): Wanted
  write(entry: Entry): void
  /** A part of a record that cannot be shown, or a record that cannot be written. */
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

type Method = (...values: unknown[]) => unknown

/** Destination of pino, which never gets anything: records leave before they become its lines. */
const nowhere = { write: (): void => {} }

export function openPino(options: PinoOptions): Logger {
  const { name, level, redact, serializers, callsite, wanted, failed } = options
  const root = pino(
    {
      base: null,
      level,
      customLevels: addedLevels,
      serializers: { err: serializeError, ...serializers } as Record<string, (value: unknown) => unknown>,
      ...(redact && { redact: (Array.isArray(redact) ? [...(redact as string[])] : redact) as string[] }),
    },
    nowhere,
  ) as unknown as OwnInstance
  root[nameSymbol] = name
  showCarefully(root, Boolean(redact), (value) => carefulJson(value))

  /** Fields that go before and after those of the call. */
  function surrounded(instance: OwnInstance, bindings: string, own: FieldTexts): FieldTexts {
    let fields = own
    if (bindings !== '') fields = joinFields(bindingFields(instance, bindings), fields)
    const context = contextFields(root)
    if (context !== noFields) fields = joinFields(context, fields)
    const trace = traceFields()
    if (trace !== noFields) fields = joinFields(fields, trace)
    return callsite ? joinFields(fields, callSiteFields()) : fields
  }

  function makeEntry(instance: OwnInstance, given: unknown, text: unknown, value: number): Entry {
    const parts = partsOf(instance)
    try {
      const { message, fields } = entryParts(parts, given, text, wanted())
      const all = surrounded(instance, parts.bindings, fields)
      return { time: Date.now(), value, logger: instance[nameSymbol], message, fields: all }
    } catch (error) {
      failed(error)
    }
    const { message, fields } = carefulEntryParts(parts, given, text, { json: true, text: true })
    const all = carefully(parts.bindings, fields)
    return { time: attempt(Date.now) ?? Number.NaN, value, logger: instance[nameSymbol], message, fields: all }
  }

  function carefully(bindings: string, own: FieldTexts): FieldTexts {
    const [context, trace, site] = [
      () => contextFields(root),
      traceFields,
      () => (callsite ? callSiteFields() : noFields),
    ].map((make) => attempt(make) ?? noFields)
    return [context!, fieldsOfJson(bindings), own, trace!, site!].reduce(joinFields)
  }

  root[writeSymbol] = function record(this: OwnInstance, given: unknown, text: unknown, value: number): void {
    try {
      options.write(makeEntry(this, given, text, value))
    } catch (error) {
      failed(error)
    }
  }
  const setLevel = root[setLevelSymbol] as Method
  root[setLevelSymbol] = function (this: OwnInstance, wanted: unknown): void {
    setLevel.call(this, labelOf(wanted))
    const methods = this as unknown as Record<string, Method>
    const { values } = (this as unknown as { levels: { values: Record<string, number> } }).levels
    // Methods below the level stay pino's empty one.
    for (const name of methodNames) if (values[name]! >= this.levelVal) methods[name] = guarded(methods[name]!, failed)
  }
  root.level = level as Level
  return Object.defineProperties(root, ownMethods(root, failed))
}

function ownMethods(root: Logger, failed: (error: unknown) => void): ThisType<OwnInstance> & PropertyDescriptorMap {
  const { child, setBindings, isLevelEnabled } = root

  /** Bindings that pino cannot read, with a placeholder for each that cannot be shown. */
  function addCarefully(instance: OwnInstance, bindings: object, error: unknown): void {
    failed(error)
    addBindings(instance, readFieldsCarefully(partsOf(instance), bindings, { json: true, text: false }).json)
  }

  return {
    name: {
      get() {
        return this[nameSymbol]
      },
    },
    isLevelEnabled: {
      value(wanted: unknown) {
        const label = typeof wanted === 'string' ? parseLevel(wanted) : undefined
        return label !== undefined && isLevelEnabled.call(this, label as Level)
      },
    },
    getChild: { value: getChild },
    child: {
      value(bindings: object, options?: ChildOptions) {
        try {
          return child.call(this, bindings, options)
        } catch (error) {
          if (!bindings) throw error
          // Options that pino refuses throw here.
          const instance = child.call(this, {}, options && { ...options }) as OwnInstance
          addCarefully(instance, bindings, error)
          return instance
        }
      },
    },
    setBindings: {
      value(bindings: object) {
        try {
          setBindings.call(this, bindings)
        } catch (error) {
          addCarefully(this, bindings, error)
        }
      },
    },
  }
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
  if (label === undefined)
    throw new TypeError(
      `There is no level ${typeof wanted === 'string' ? JSON.stringify(wanted) : messageText(wanted)}. ${levelHint}`,
    )
  return label
}

/** A method of pino; where values throw that it reads, the record has placeholders in their place. */
function guarded(method: Method, failed: (error: unknown) => void): Method {
  return function (this: OwnInstance, ...values: unknown[]): void {
    try {
      method.apply(this, values)
    } catch (error) {
      failed(error)
      try {
        callCarefully(this, method, values)
      } catch (again) {
        failed(again)
      }
    }
  }
}

function callCarefully(instance: OwnInstance, method: Method, values: readonly unknown[]): void {
  const [first, ...rest] = values
  const format = (template: unknown, args: readonly unknown[]): string =>
    formatCarefully(template, args, partsOf(instance).stringifyArgument)
  if (typeof first !== 'object' || first === null) {
    const [template, ...args] = first === undefined || first === null ? rest : values
    return void method.call(instance, format(template, args))
  }
  const [template, ...args] = rest
  const text = template === undefined ? [] : [format(template, args)]
  // pino makes something else of requests and responses: never are their parts shown in another place than redaction knows.
  const objects = [() => first, () => readableObject(first), (error: unknown) => ({ fields: cannotBeShown(error) })]
  let reason: unknown
  for (const object of objects) {
    try {
      return void method.call(instance, object(reason), ...text)
    } catch (error) {
      reason = error
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

/** Kept with the instance until its bindings change. */
function bindingFields(instance: OwnInstance, json: string): FieldTexts {
  const known = instance[bindingsFieldsSymbol]
  return known?.json === json ? known : (instance[bindingsFieldsSymbol] = fieldsOfJson(json))
}
