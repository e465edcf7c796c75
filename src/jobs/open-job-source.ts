// A source of jobs: each is a run of it, whose lines are handed in by an orchestrator. Knows runs and lines; which job is which
// run, and whose, is known by the hub's register.
import type { Job, JobLine, JobRuns } from '../contracts/job.ts'
import { severities } from '../contracts/record.ts'
import type { Source, SourceContext } from '../contracts/source.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { openLineBuffer, type BufferOptions, type LineBuffer } from './line-buffer.ts'

export interface JobOptions extends BufferOptions {
  title?: string | undefined
  /** Time without news after which a job is lost. */
  lostAfterMs: number
}

export function openJobSource(options: JobOptions, context: SourceContext): Source {
  const { runs, push, offer } = context
  /** By run; of jobs that have sent lines one by one. */
  const buffers = new Map<number, LineBuffer>()

  function bufferOf(run: number): LineBuffer {
    const known = buffers.get(run)
    if (known) return known
    const made = openLineBuffer(
      options,
      // Nobody who sends line by line is told that one was refused.
      (lines) => push({ run, pid: 0 }, lines.map(entryOfLine)),
      () => buffers.delete(run),
    )
    buffers.set(run, made)
    return made
  }

  const jobs: JobRuns = {
    lostAfterMs: options.lostAfterMs,
    async begin(details, numbered) {
      const { run, startedAt } = runs.begin(details)
      numbered(run)
      context.changed()
      const { jobId, userId, eventId, orchestratorId } = details
      const fields = { event: 'registered', jobId, userId, eventId, orchestratorId }
      try {
        await offer({ run, pid: 0 }, [eventEntry(`job ${String(jobId)} registered`, severities.INFO, fields)])
      } catch (error) {
        // No job is left of it: it will be registered again.
        runs.end(run, context.now(), {})
        throw error
      }
      return { run, startedAt }
    },
    async change(job, details, text) {
      const { run, endedAt, jobId, status, exitCode } = job
      // Lines that were said before the end stand before it.
      if (endedAt !== undefined) await buffers.get(run)?.flush()
      const severity = hasFailed(job) ? severities.ERROR : severities.INFO
      await offer({ run, pid: 0 }, [eventEntry(text, severity, { event: status.toLowerCase(), jobId, code: exitCode })])
      if (endedAt === undefined) runs.update(run, details)
      else runs.end(run, endedAt, details)
      context.changed()
    },
    append: (run, lines) => offer({ run, pid: 0 }, lines.map(entryOfLine)),
    stream: (run, line, kept) => bufferOf(run).add(line, kept),
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
