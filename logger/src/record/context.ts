// Fields that follow asynchronous calls: those of `withContext`, and the ids of OpenTelemetry's trace where it is present.
import { AsyncLocalStorage } from 'node:async_hooks'
import { readableCopy } from './cannot-be-shown.ts'
import { bindingsOf } from './pino-parts.ts'
import { fieldsOfJson, fieldText, noFields, type FieldTexts } from './field-texts.ts'

export type Context = Readonly<Record<string, unknown>>

const storage = new AsyncLocalStorage<Context>()

/**
 * Runs `action`; records that are logged in it, also later by what it awaits, have these fields.
 * @example
 * withContext({ request_id: 'r-17' }, () => logger.info('paid')) // … paid request_id=r-17
 */
export function withContext<Result>(fields: Context, action: () => Result): Result {
  const outer = storage.getStore()
  const own = readableCopy(fields)
  return storage.run(outer === undefined ? own : { ...outer, ...own }, action)
}

interface Parent {
  child(bindings: object): object
}

/** Texts are made once for each context and root logger, whose serializers and redaction apply. */
const texts = new WeakMap<Context, WeakMap<object, FieldTexts>>()

export function contextFields(root: Parent): FieldTexts {
  const context = storage.getStore()
  if (context === undefined) return noFields
  let ofRoots = texts.get(context)
  if (!ofRoots) texts.set(context, (ofRoots = new WeakMap()))
  let known = ofRoots.get(root)
  if (!known) {
    known = fieldsOfJson(bindingsOf(root.child(context)).slice(bindingsOf(root).length))
    ofRoots.set(root, known)
  }
  return known
}

interface OpenTelemetry {
  context?: { active(): { getValue(key: symbol): { spanContext?(): SpanContext } | undefined } }
}
interface SpanContext {
  traceId?: unknown
  spanId?: unknown
}

const apiKey = Symbol.for('opentelemetry.js.api.1')
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN')

/** Ids of the active span, of the API that the application has loaded, if any. */
export function traceFields(): FieldTexts {
  const api = (globalThis as Record<symbol, unknown>)[apiKey] as OpenTelemetry | undefined
  if (api === undefined) return noFields
  const { traceId, spanId } = api.context?.active().getValue(spanKey)?.spanContext?.() ?? {}
  if (!isId(traceId, 32) || !isId(spanId, 16)) return noFields
  const [trace, span] = [`"${traceId}"`, `"${spanId}"`]
  const text = fieldText('trace_id', trace) + fieldText('span_id', span)
  return { json: `,"trace_id":${trace},"span_id":${span}`, text, tail: '', isClashing: false }
}

function isId(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/i.test(value) && !/^0+$/.test(value)
}
