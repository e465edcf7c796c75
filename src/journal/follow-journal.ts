// Follows systemd's journal with journalctl, from where the last commit left it, and starts it again when it ends.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { severities } from '../contracts/record.ts'
import type { Entry } from '../contracts/source-storage.ts'
import { journalGap } from '../text/gaps.ts'
import { journalFields, readJournalEntry } from './journal-entry.ts'
import { readJournalLines, type JournalLine } from './journal-lines.ts'

export interface JournalOptions {
  /** As `journalctl --unit`, `--priority` and its matches take them. */
  units: string[]
  priority?: string | undefined
  matches: string[]
  /** Absolute; else this machine's own journal. */
  directory?: string | undefined
  /** Place at which reading begins when no hub has read the journal before. */
  start: 'beginning' | 'end'
  /** Fields that are kept besides those that are anyway. */
  fields: string[]
}

export interface JournalReader {
  /** Resolves when the records are committed, and with them `cursor`, as what `savedCursor` gives. */
  push(entries: Entry[], cursor: string): Promise<void>
  savedCursor(): Promise<string | undefined>
  tell(severity: number, message: string): void
  /** `isReading` or `detail` says something else. */
  changed(): void
}

export interface FollowedJournal {
  isReading(): boolean
  /** For people. */
  detail(): string
  close(): Promise<void>
}

/** Saved in place of a cursor while there has been no entry. */
const beginning = 'beginning'
/** A journalctl that does not end for so long does read. */
const calmMs = 1000
const retryMs = { first: 1000, most: 30_000 }
/** Larger entries are core dumps and the like. */
const mostLineBytes = 64 * 1024 * 1024
const host = hostname()
const environment = { ...process.env, LC_ALL: 'C.UTF-8', SYSTEMD_COLORS: '0' }

export function followJournal(options: JournalOptions, reader: JournalReader): FollowedJournal {
  const closing = new AbortController()
  const { signal } = closing
  const select = selection(options)
  let child: ChildProcess | undefined
  let trouble: string | undefined
  let told: string | undefined
  /** Words of journalctl beside the entries. */
  let notice = ''

  /** Place to begin at; remembered from the first look on, also when nothing comes. */
  async function findPlace(): Promise<string> {
    const saved = await reader.savedCursor()
    if (saved !== undefined || options.start === 'beginning') return saved ?? beginning
    const newest = await newestCursor(select, signal)
    const message = 'reads the journal from here on'
    await reader.push([{ kind: 'event', severity: severities.INFO, message }], newest)
    return newest
  }

  /** Resolves with what has been read to when journalctl ends, having committed all of it. */
  async function follow(place: string): Promise<string> {
    // An entry that is gone, or not selected any more, has one after it to begin with; so `--after-cursor` will not do, which
    // passes over whatever comes first. Without `--merge` only the newest boot would be followed.
    const from = place === beginning ? [] : [`--cursor=${place}`]
    const words = [...select, '--follow', '--no-tail', ...from]
    child = spawn('journalctl', words, { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const ended = once(child, 'exit')
    ended.catch(() => undefined)
    notice = ''
    child.stderr!.on('data', (text) => {
      notice += String(text)
      reader.changed()
    })
    await once(child, 'spawn')
    const calm = setTimeout(settle, calmMs)
    void ended.finally(() => clearTimeout(calm)).catch(() => undefined)
    for await (const lines of readJournalLines(child.stdout as AsyncIterable<Buffer>, mostLineBytes)) {
      if (signal.aborted) break
      place = await commit(lines, place)
      settle()
    }
    await ended
    return place
  }

  async function commit(lines: JournalLine[], place: string): Promise<string> {
    const { entries, cursor } = entriesAfter(place, lines, options.fields)
    if (entries.length > 0) await reader.push(entries, cursor)
    return cursor
  }

  async function run(): Promise<void> {
    for (let waitMs = retryMs.first; !signal.aborted; waitMs = Math.min(2 * waitMs, retryMs.most)) {
      try {
        const place = await findPlace()
        if ((await follow(place)) !== place) waitMs = retryMs.first
        if (!signal.aborted) fail(explain(notice) ?? `journalctl ended (${child?.signalCode ?? child?.exitCode})`)
      } catch (error) {
        if (!signal.aborted) fail(explainError(error as NodeJS.ErrnoException & { stderr?: string }))
      }
      child = undefined
      await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  function fail(why: string): void {
    if (told !== why) reader.tell(severities.ERROR, `cannot read the journal: ${why}; tried again until it can`)
    trouble = told = why
    reader.changed()
  }

  /** All is well again. */
  function settle(): void {
    if (trouble === undefined) return
    trouble = told = undefined
    reader.changed()
  }
  const running = run()

  const isReading = (): boolean => child?.pid !== undefined && child.exitCode === null && trouble === undefined
  return {
    isReading,
    detail() {
      if (trouble !== undefined) return `cannot read the journal: ${trouble}`
      if (options.directory === undefined && !hasJournal()) return 'waits for a journal: this machine has none yet'
      const said = explain(notice)
      return said === undefined ? 'reads the journal' : `reads the journal, but journalctl says: ${said}`
    },
    async close() {
      closing.abort()
      child?.kill()
      await running
    },
  }
}

/** Entries of lines behind `place`, and the cursor of the last of them. */
function entriesAfter(
  place: string,
  lines: readonly JournalLine[],
  fields: readonly string[],
): { entries: Entry[]; cursor: string } {
  const entries: Entry[] = []
  let cursor = place
  for (const line of lines) {
    if ('tooLongBytes' in line) {
      entries.push(journalGap(line.tooLongBytes))
      continue
    }
    const read = readJournalEntry(line.toString(), host, fields)
    if (read.cursor === place) continue
    entries.push(...read.entries)
    cursor = read.cursor
  }
  return { entries, cursor }
}

async function newestCursor(select: readonly string[], signal: AbortSignal): Promise<string> {
  const words = [...select, '--lines=1']
  const options = { env: environment, maxBuffer: mostLineBytes, signal }
  const { stdout } = await promisify(execFile)('journalctl', words, options)
  return stdout.trim() === '' ? beginning : readJournalEntry(stdout, host, []).cursor
}

function selection({ units, priority, matches, directory, fields }: JournalOptions): string[] {
  return [
    '--output=json',
    '--all',
    `--output-fields=${[...journalFields, ...fields].join(',')}`,
    '--merge',
    '--no-pager',
    ...(directory === undefined ? [] : [`--directory=${directory}`]),
    ...units.map((unit) => `--unit=${unit}`),
    ...(priority === undefined ? [] : [`--priority=${priority}`]),
    ...matches,
  ]
}

/** Directories in which journald keeps it: on disk, or in memory alone. */
function hasJournal(): boolean {
  return ['/var/log/journal', '/run/log/journal'].some((place) => existsSync(place) && readdirSync(place).length > 0)
}

function explainError(error: NodeJS.ErrnoException & { stderr?: string }): string {
  if (error.code === 'ENOENT') return 'journalctl is not on this machine; it comes with systemd'
  return explain(error.stderr ?? '') ?? error.message
}

/** The first of what journalctl has said, with what to do about it. */
function explain(said: string): string | undefined {
  const [first] = said.split('\n').filter((line) => line.trim() !== '')
  if (first === undefined) return undefined
  return /permission/i.test(said) ? `${first} The group systemd-journal may read it.` : first
}
