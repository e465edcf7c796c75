// Messages between orchestrators and a hub, in the shapes that orchestrators speak: jobs, their lines, what becomes of them.
import { LogboomError } from '../contracts/errors.ts'
import type { Job, JobLine, JobReport, NewJob } from '../contracts/job.ts'
import { parseSeverity, severities, type LogRecord } from '../contracts/record.ts'
import { timeOf } from '../json/customary-keys.ts'
import { maskText } from '../secrets/mask-text.ts'

/** Body of `POST /api/internal/jobs`. */
export interface JobRegistration {
  jobId: string
  eventId?: string
  userId?: string
  orchestratorId: string
  name?: string
}

/** Body of `POST /api/internal/jobs/:jobId/logs`. */
export interface JobLogBody {
  orchestratorId: string
  logs: JobLog[]
}

export interface JobLog {
  message: string
  source?: 'stdout' | 'stderr'
  /** In lower case: `info`, `warn`, `error` … */
  level?: string
  /** As in RFC 3339. */
  timestamp?: string
  sequence?: number
}

/** A message of `/ws/orchestrator` that is a line. */
export interface JobLineMessage {
  jobId: string
  timestamp: string
  stream: 'stdout' | 'stderr'
  line: string
  /** Counted per job, over both streams. */
  sequence: number
}

/** A message of `/ws/orchestrator` about the job itself, and the body of `PUT …/status` but for the `jobId`. */
export interface JobStatusMessage {
  jobId: string
  status: string
  timestamp: string
  details?: { message?: string; exitCode?: number; error?: string }
}

/** A line as `GET /api/internal/jobs/:jobId/logs` gives it. */
export interface StoredJobLine {
  eventId: string | null
  userId: string | null
  jobId: string
  output: string
  /** The text again where it came on stderr. */
  error: string | null
  startTime: string
  status: 'RUNNING'
  successful: boolean
}

type Loose = Record<string, unknown>

const refused = (message: string): LogboomError => new LogboomError('request-invalid', message)
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const objectOf = (value: unknown): Loose => (isObject(value) ? value : {})

const longestId = 200
const longestStatus = 50
/** Of a message or an error; the rest is cut off. */
const longestWords = 8192

/** Ids come as text or as numbers. Throws `request-invalid` for one that is too long. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string' || value === '') return undefined
  if (value.length > longestId) throw refused(`An id may have ${longestId} characters`)
  return value
}

/** Throws `request-invalid`. */
export function parseRegistration(body: unknown): NewJob {
  const { jobId, eventId, userId, orchestratorId, name } = objectOf(body)
  const id = idOf(jobId)
  if (id === undefined) throw refused('Job ID required')
  const owner = idOf(orchestratorId)
  if (owner === undefined) throw refused('Orchestrator ID required')
  if (name !== undefined && name !== null && typeof name !== 'string') throw refused('name must be text')
  const [event, user] = [idOf(eventId), idOf(userId)]
  return {
    jobId: id,
    ...(event === undefined ? {} : { eventId: event }),
    ...(user === undefined ? {} : { userId: user }),
    orchestratorId: owner,
    ...(name ? { name } : {}),
  }
}

/** Throws `request-invalid`; `now` is the time of lines without one. */
export function parseLogs(body: unknown, now: number): JobLine[] {
  const { logs } = objectOf(body)
  if (!Array.isArray(logs)) throw refused('Logs array required')
  return logs.map((log: unknown, index) => parseLine(log, `logs[${index}]`, now))
}

/** Lines as E3 and E4 have them. Throws `request-invalid` naming the place. */
function parseLine(value: unknown, place: string, now: number): JobLine {
  const log = objectOf(value)
  const text = log['message'] ?? log['line']
  if (typeof text !== 'string') throw refused(`${place}: message must be text`)
  const stream = log['source'] ?? log['stream'] ?? 'stdout'
  if (stream !== 'stdout' && stream !== 'stderr') throw refused(`${place}: source must be stdout or stderr`)
  const { sequence } = log
  if (sequence !== undefined && sequence !== null && !isSequence(sequence))
    throw refused(`${place}: sequence must be a whole number`)
  const line: JobLine = {
    message: text.replace(/\r?\n$/, ''),
    stream,
    severity: severityOf(log['level']),
    time: timeIn(log, place, now),
  }
  return isSequence(sequence) ? { ...line, sequence } : line
}

const isSequence = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** A level that is not known says nothing worse. */
function severityOf(level: unknown): number {
  return (typeof level === 'string' ? parseSeverity(level) : undefined) ?? severities.INFO
}

function timeIn({ timestamp }: Loose, place: string, now: number): number {
  if (timestamp === undefined || timestamp === null) return now
  const time = timeOf(timestamp)
  if (Number.isNaN(time)) throw refused(`${place}: timestamp is no time; right would be 2025-06-08T14:25:30.123Z`)
  return time
}

/**
 * Of `PUT …/status`, `POST …/complete` and `POST …/fail`; what the body does not say is as `status` and `now`. Throws
 * `request-invalid`.
 */
export function parseReport(value: unknown, now: number, status?: string): JobReport {
  const body = objectOf(value)
  const details = objectOf(body['details'])
  const said = typeof body['status'] === 'string' && body['status'] !== '' ? body['status'].toUpperCase() : status
  if (said === undefined) throw refused('Status required')
  if (said.length > longestStatus) throw refused(`status may have ${longestStatus} characters`)
  const exitCode = body['exitCode'] ?? details['exitCode']
  const error = wordsOf(body['error'] ?? details['error'])
  const message = wordsOf(body['message'] ?? details['message'])
  return {
    status: said,
    at: timeIn(body, 'status', now),
    ...(Number.isSafeInteger(exitCode) ? { exitCode: exitCode as number } : {}),
    ...(error === undefined ? {} : { error }),
    ...(message === undefined ? {} : { message }),
  }
}

/** Errors come as text, or as objects with a message. What is a secret in a line is one here. */
function wordsOf(value: unknown): string | undefined {
  const text = isObject(value) ? (value['message'] ?? JSON.stringify(value)) : value
  return typeof text === 'string' && text !== '' ? maskText(text.slice(0, longestWords)) : undefined
}

export type OrchestratorMessage = { jobId: string } & ({ line: JobLine } | { report: JobReport })

/** A message of `/ws/orchestrator`; its `data` may be the message. Throws `request-invalid`. */
export function parseOrchestratorMessage(text: string, now: number): OrchestratorMessage {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refused('it is not JSON')
  }
  if (!isObject(value)) throw refused('it is no JSON object')
  const inner = value['data'] ?? value['payload']
  const message = value['jobId'] === undefined && isObject(inner) ? inner : value
  const jobId = idOf(message['jobId'])
  if (jobId === undefined) throw refused('Job ID required')
  if (message['status'] !== undefined) return { jobId, report: parseReport(message, now) }
  return { jobId, line: parseLine(message, 'line', now) }
}

/** A record of a job as its stored line. */
export function storedJobLine(
  { jobId, eventId = null, userId = null }: Pick<Job, 'jobId'> & { eventId?: string | null; userId?: string | null },
  { message, stream, time, severity }: LogRecord,
): StoredJobLine {
  return {
    eventId,
    userId,
    jobId,
    output: message,
    error: stream === 'stderr' ? message : null,
    startTime: new Date(time).toISOString(),
    status: 'RUNNING',
    successful: severity < severities.ERROR,
  }
}
