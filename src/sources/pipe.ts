// Lines that are piped into `logboom pipe`: each pipe of a name is a run of that source, read from the file that it writes, whether it
// is still there or not.
import type { z } from 'zod'
import { severities } from '../contracts/record.ts'
import type { RunRow, Source, SourceContext, SourceType } from '../contracts/source.ts'
import { attendPipe } from '../supervise/pipe/attend-pipe.ts'
import { lifecycleEntry } from '../supervise/lifecycle-event.ts'
import { findPipes, type PipeNote } from '../supervise/pipe/pipe-files.ts'
import { watchPipes } from '../supervise/pipe/watch-pipes.ts'
import type { Zod } from '../contracts/zod.ts'

export interface PipeOptions {
  title?: string | undefined
}

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
  const left = new AbortController()
  /** Why pipes cannot be looked for. */
  let trouble: string | undefined

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

  function begin(note: PipeNote, run: RunRow): void {
    attended.set(note.id, note)
    current = { run, note }
    context.changed()
    attendPipe(note, run, context, left.signal).then(
      () => {
        attended.delete(note.id)
        context.changed()
      },
      (error: Error) => {
        // Taken up again by the next hub.
        if (left.signal.aborted) return
        const entry = lifecycleEntry('start-failed', error.message, { severity: severities.ERROR })
        void context.push({ run: run.run, pid: 0 }, [entry]).catch(() => undefined)
      },
    )
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
      left.abort()
      await watch.close()
    },
  }
}
