// The way of other libraries' records into a logger: their own time, level and logger name stay.
import { getLogger, openedLogger, outletsOf } from '../get-logger.ts'
import type { LoggerOptions } from '../options/logger-options.ts'
import { attempt } from '../record/cannot-be-shown.ts'
import { contextFields, traceFields } from '../record/context.ts'
import { joinFields, noFields, readFields, readFieldsCarefully, type FieldTexts } from '../record/field-texts.ts'
import { partsOf } from '../record/pino-parts.ts'
import { reasonOf, tell } from '../tell.ts'

export interface GivenRecord {
  /** Unix milliseconds. */
  time: number
  /** pino's number of the level. */
  value: number
  /** Default: the name of the logger that takes it. */
  logger?: string | undefined
  message: string
  fields?: Readonly<Record<string, unknown>> | undefined
}

/** Options of all adapters: those of the logger that takes the records. */
export interface IntakeOptions extends LoggerOptions {
  /** Name of the logger that takes the records, and of its file. Default: LOGBOOM_PROCESS, or the application's name. */
  name?: string
}

/** Takes a record; never throws. */
export type Intake = (record: GivenRecord) => void

/** All levels pass unless `level` says otherwise: the library that makes the records has a threshold of its own. */
export function openIntake({ name, ...options }: IntakeOptions = {}): Intake {
  const isOpen = openedLogger(name, options) !== undefined
  // A logger that is open already stays as it is, and its caller is told where the adapter wants something else.
  const logger = isOpen ? getLogger(name, options) : getLogger(name, { level: 'trace', ...options })
  const { redact, serializers } = options
  const shaped =
    isOpen && (redact || serializers)
      ? logger.child({}, { ...(redact && { redact }), ...(serializers && { serializers }) })
      : logger
  const failed = (error: unknown): void =>
    tell(
      'adapter',
      `A record of another library could not be logged whole (${reasonOf(error)}); the application goes on`,
    )
  const fieldsOf = (fields: Readonly<Record<string, unknown>>): FieldTexts => {
    try {
      return readFields(partsOf(shaped), fields, bothForms)
    } catch (error) {
      failed(error)
      return readFieldsCarefully(partsOf(shaped), fields, bothForms)
    }
  }
  return ({ time, value, logger: from = logger.name, message, fields }) => {
    if (value < logger.levelVal) return
    try {
      const own = fields === undefined ? noFields : fieldsOf(fields)
      const all = joinFields(joinFields(contextFields(logger), own), attempt(traceFields) ?? noFields)
      outletsOf(logger)?.write({ time, value, logger: from, message, fields: all })
    } catch (error) {
      failed(error)
    }
  }
}

/**
 * An intake that is opened by its first record. What is wrong around an application that knows nothing of us, such as a name in LOGBOOM_PROCESS that is none,
 * does not keep it from running.
 */
export function openIntakeLater(options: IntakeOptions): Intake {
  let opened: Intake | undefined
  return (record) => {
    opened ??= openOrTell(options)
    opened(record)
  }
}

function openOrTell(options: IntakeOptions): Intake {
  try {
    return openIntake(options)
  } catch (error) {
    tell('intake', `Records of this application are not kept: ${reasonOf(error)}`)
    return () => {}
  }
}

const bothForms = { json: true, text: true }
