// What is piped into `logboom pipe`: each pipe of a name is a run of that source, read from the file that it writes, whether it
// is still there or not.
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { severities } from '../contracts/record.ts'
import type { RunRow, Source, SourceContext, SourceType } from '../contracts/source.ts'
import type { TailHandle } from '../contracts/source-storage.ts'
import { lifeOf } from '../supervise/process/identity.ts'
import { lifecycleEntry } from '../supervise/lifecycle-event.ts'
import { findPipes, pipeLinesPath, readPipeNote, removePipeNote, type PipeNote } from '../supervise/pipe-files.ts'
import { watchPipes } from '../supervise/watch-pipes.ts'
import type { Zod } from '../contracts/zod.ts'

export interface PipeOptions {
  title?: string | undefined
}

const lookMs = 250

export const pipeSource: SourceType<PipeOptions> = {
  type: 'pipe',
  section: 'pipes',
  options: (z: Zod): z.ZodType<PipeOptions> => z.strictObject({ title: z.string().min(1).optional() }),
  open: openPipes,
  discover: ({ captureDirectory, found, warn }) => {
    let told: string | undefined
    return watchPipes({
      captureDirectory,
      async look() {
        for (const { name } of findPipes(captureDirectory)) await found(name)
      },
      onTrouble(message) {
        if (message !== undefined && message !== told) warn(`Pipes cannot be looked for: ${message}`)
        told = message
      },
    })
  },
}

async function openPipes(_options: PipeOptions, context: SourceContext): Promise<Source> {
  const { captureDirectory, runs } = context
  const attended = new Map<string, PipeNote>()
  const last = runs.last()
  let current: { run: RunRow; note?: PipeNote } | undefined = last && { run: last }
  let closing = false
  const left = Promise.withResolvers<void>()
  /** Why pipes cannot be looked for. */
  let trouble: string | undefined

  async function attend(note: PipeNote, row: RunRow): Promise<void> {
    const pid = note.identity?.pid ?? 0
    attended.set(note.id, note)
    current = { run: row, note }
    context.changed()
    await tellStarted(row, pid)
    const path = pipeLinesPath(captureDirectory, note)
    const tail = await context.tail({ run: row.run, pid, stream: 'stdout', path, capture: true })
    const end = await untilEnded(note)
    if (end === 'left') return tail.close()
    await finish(note, row, tail, end === 'ended')
  }

  /** Noted as well: of several pipes at once `once` knows only the last. */
  async function tellStarted({ run, details }: RunRow, pid: number): Promise<void> {
    if (details['isTold']) return
    const entry = lifecycleEntry('started', `pipe opened (PID ${pid})`, { pid })
    await context.push({ run, pid }, [entry], `started/${run}`)
    runs.update(run, { ...details, isTold: true })
  }

  /** A pipe that is dead has written all it ever will. */
  async function untilEnded(note: PipeNote): Promise<'ended' | 'killed' | 'left'> {
    for (;;) {
      if (closing) return 'left'
      const isAlive = note.identity !== undefined && lifeOf(note.identity) === 'alive'
      const now = readPipeNote(captureDirectory, note)
      if (now?.endedAt !== undefined || now === undefined) return 'ended'
      if (!isAlive) return 'killed'
      await Promise.race([left.promise, sleep(lookMs, undefined, { ref: false })])
    }
  }

  /** In an order that a hub which dies in between can go on with. */
  async function finish(note: PipeNote, row: RunRow, tail: TailHandle, inOrder: boolean): Promise<void> {
    const pid = note.identity?.pid ?? 0
    await tail.finish()
    const entry = inOrder
      ? lifecycleEntry('exited', 'end of input', { pid })
      : lifecycleEntry('exited', 'pipe was killed; what it had read and not yet written is lost', {
          pid,
          severity: severities.WARNING,
        })
    await context.push({ run: row.run, pid }, [entry], `exit/${row.run}`)
    removePipeNote(captureDirectory, note)
    runs.end(row.run, context.now(), row.details)
    attended.delete(note.id)
    context.changed()
  }

  async function look(): Promise<void> {
    const notes = findPipes(captureDirectory).filter(({ name, id }) => name === context.name && !attended.has(id))
    const open = runs.open()
    for (const note of notes)
      begin(note, open.find(({ details }) => details['pipe'] === note.id) ?? runs.resume({ pipe: note.id }))
    // Read to the end, and its note removed, by a hub that died before it could say so.
    for (const row of open)
      if (!attended.has(String(row.details['pipe'])) && !notes.some(({ id }) => id === row.details['pipe']))
        runs.end(row.run, context.now(), row.details)
  }

  function begin(note: PipeNote, row: RunRow): void {
    attended.set(note.id, note)
    attend(note, row).catch((error: Error) => {
      // Taken up again by the next hub.
      if (!closing)
        void context
          .push({ run: row.run, pid: 0 }, [
            lifecycleEntry('start-failed', error.message, { severity: severities.ERROR }),
          ])
          .catch(() => undefined)
    })
  }

  const watch = await watchPipes({
    captureDirectory,
    look,
    onTrouble(message) {
      trouble = message
    },
  })

  function detail(): { detail?: string } {
    if (trouble) return { detail: `cannot look for pipes: ${trouble}` }
    return attended.size > 1 ? { detail: `${attended.size} pipes at once` } : {}
  }

  return {
    status: () => {
      const pid = current?.note?.identity?.pid
      return {
        name: context.name,
        type: 'pipe',
        state: attended.size > 0 ? 'running' : 'exited',
        run: current?.run.run ?? 0,
        restarts: 0,
        ...(current ? { startedAt: current.run.startedAt } : {}),
        ...(attended.size > 0 && pid !== undefined ? { pid } : {}),
        ...detail(),
      }
    },
    async close() {
      closing = true
      left.resolve()
      await watch.close()
    },
  }
}
