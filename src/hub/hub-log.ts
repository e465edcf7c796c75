// The hub's own log: on the console, and as records of the source `logboom` like everybody's.
import { severities } from '../contracts/record.ts'
import type { RunLog } from '../contracts/source.ts'
import type { Entry, SourceStorage } from '../contracts/source-storage.ts'
import type { AuditEntry } from '../server/hub-interface.ts'
import { maskText } from '../secrets/mask-text.ts'

/** One line for the console. */
export interface HubLine {
  /** Unix milliseconds. */
  time: number
  pid: number
  severity: number
  message: string
}

export interface HubLog {
  /** Tells of the hub's own doings. */
  say(severity: keyof typeof severities, message: string, fields?: Record<string, unknown>): void
  /** Writes down what somebody did; the console has nothing of it. */
  audit(entry: AuditEntry): void
  /** Shows on the console what a source recorded itself. */
  show(line: HubLine): void
  onLine(listener: (line: HubLine) => void): () => void
  /** From now on lines go to the storage, those said before as well. */
  attach(storage: SourceStorage): void
  /** Resolves when all that was said is committed. */
  close(): Promise<void>
}

export function openHubLog({ runs, now }: { runs: RunLog; now(): number }): HubLog {
  /** Known once the store says which numbers are taken. */
  let run = 0
  const listeners = new Set<(line: HubLine) => void>()
  const early: Entry[] = []
  const pending = new Set<Promise<void>>()
  let storage: SourceStorage | undefined

  function keep(entries: Entry[]): void {
    if (!storage) return void early.push(...entries)
    // Trouble with the storage is told by the storage; telling it here would come back here.
    const kept = storage.push({ run, pid: process.pid }, entries).catch(() => undefined)
    pending.add(kept)
    void kept.then(() => pending.delete(kept))
  }

  function show(line: HubLine): void {
    const message = maskText(line.message)
    for (const listener of listeners) listener({ ...line, message })
  }

  return {
    say(name, message, fields) {
      const severity = severities[name]
      const time = now()
      show({ time, pid: process.pid, severity, message })
      keep([
        { message: maskText(message), severity, time, extras: { logger: 'logboom', ...(fields ? { fields } : {}) } },
      ])
    },
    audit({ who, action, metadata, error }) {
      const failure = error === undefined ? '' : `: ${error instanceof Error ? error.message : 'failed'}`
      const outcome = error === undefined ? '' : ' failed'
      keep([
        {
          message: maskText(`${action} by ${who}${outcome}${failure}`),
          kind: 'audit',
          severity: error === undefined ? severities.INFO : severities.WARNING,
          time: now(),
          extras: {
            logger: 'audit.orchestrator',
            fields: {
              who,
              action,
              outcome: error === undefined ? 'done' : 'failed',
              ...(metadata ? { metadata } : {}),
            },
          },
        },
      ])
    },
    show,
    onLine(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    attach(opened) {
      run = runs.begin({ pid: process.pid }).run
      storage = opened
      keep(early.splice(0))
    },
    async close() {
      await Promise.all(pending)
      runs.end(run, now(), {})
    },
  }
}
