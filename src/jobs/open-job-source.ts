// A source of jobs: each is a run of it, whose lines are handed in by an orchestrator. Knows runs and lines; which job is which
// run, and whose, is known by the hub's register.
import type { Job, JobLine, JobRuns } from '../contracts/job.ts'
import { severities } from '../contracts/record.ts'
import type { Source, SourceContext } from '../contracts/source.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { openLineBuffer, type BufferOptions, type LineBuffer } from './line-buffer.ts'

export interface JobOptions extends BufferOptions {
  title?: string | undefined
}

export function openJobSource(options: JobOptions, context: SourceContext): Source {
  const { runs, push } = context
  /** By run; of jobs that have sent lines one by one. */
  const buffers = new Map<number, LineBuffer>()

  const append = (run: number, lines: readonly JobLine[]): Promise<void> =>
    push({ run, pid: 0 }, lines.map(entryOfLine))

  function bufferOf(run: number): LineBuffer {
    const known = buffers.get(run)
    if (known) return known
    const made = openLineBuffer(
      options,
      (lines) => append(run, lines),
      () => buffers.delete(run),
    )
    buffers.set(run, made)
    return made
  }

  const jobs: JobRuns = {
    begin(details) {
      const { run, startedAt } = runs.begin(details)
      context.changed()
      const { jobId, userId, eventId, orchestratorId } = details
      const fields = { event: 'registered', jobId, userId, eventId, orchestratorId }
      const entry = eventEntry(`job ${String(jobId)} registered`, severities.INFO, fields)
      return { run, startedAt, announced: push({ run, pid: 0 }, [entry]) }
    },
    async change(job, details, text) {
      const { run, endedAt, jobId, status, exitCode } = job
      // What was said before the end stands before it.
      await buffers.get(run)?.flush()
      if (endedAt === undefined) runs.update(run, details)
      else runs.end(run, endedAt, details)
      context.changed()
      const severity = hasFailed(job) ? severities.ERROR : severities.INFO
      await push({ run, pid: 0 }, [eventEntry(text, severity, { event: status.toLowerCase(), jobId, code: exitCode })])
    },
    append,
    stream: (run, line) => bufferOf(run).add(line),
  }

  return {
    jobs,
    status() {
      const open = runs.open()
      const last = runs.last()
      return {
        name: context.name,
        type: 'job',
        state: open.length > 0 ? 'running' : 'exited',
        run: last?.run ?? 0,
        restarts: 0,
        ...(last ? { startedAt: last.startedAt } : {}),
        ...(open.length > 1 ? { detail: `${open.length} jobs at once` } : {}),
      }
    },
    async close() {
      await Promise.all([...buffers.values()].map((buffer) => buffer.flush()))
    },
  }
}

function entryOfLine({ message, stream, severity, time, sequence }: JobLine): Entry {
  const kind = message.startsWith('[AUDIT]') ? 'audit' : 'system'
  const entry: Entry = { message, stream, kind, severity, time }
  return sequence === undefined ? entry : { ...entry, number: sequence, extras: { fields: { sequence } } }
}

function eventEntry(message: string, severity: number, fields: Record<string, unknown>): Entry {
  const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return { message, stream: 'log', kind: 'event', severity, extras: { fields: said } }
}

const hasFailed = ({ exitCode = 0, error, endedAt, status }: Job): boolean =>
  endedAt !== undefined && (exitCode !== 0 || error !== undefined || status !== 'COMPLETED')
