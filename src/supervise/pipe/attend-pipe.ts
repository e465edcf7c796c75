// A pipe, attended from when it is found until all that it wrote is committed, or until it is left to the next hub.
import { setTimeout as sleep } from 'node:timers/promises'
import { severities } from '../../contracts/record.ts'
import type { RunRow, SourceContext } from '../../contracts/source.ts'
import { lifecycleEntry } from '../lifecycle-event.ts'
import { pipeLinesPath, readPipeNote, removePipeNote, type PipeNote } from './pipe-files.ts'
import { lifeOf } from '../process/identity.ts'

const lookMs = 250

/** Aborting `left` leaves the pipe. */
export async function attendPipe(
  note: PipeNote,
  row: RunRow,
  context: SourceContext,
  left: AbortSignal,
): Promise<void> {
  const { captureDirectory, runs } = context
  const { run, details } = row
  const pid = note.identity?.pid ?? 0
  // Noted as well: of several pipes at once `once` knows only the last.
  if (!details['isTold']) {
    await context.push({ run, pid }, [lifecycleEntry('started', `pipe opened (PID ${pid})`, { pid })], `started/${run}`)
    runs.update(run, { ...details, isTold: true })
  }
  const path = pipeLinesPath(captureDirectory, note)
  const tail = await context.tail({ run, pid, stream: 'stdout', path, capture: true })
  const end = await untilEnded(captureDirectory, note, left)
  if (end === 'left') return tail.close()
  await tail.finish()
  const entry =
    end === 'ended'
      ? lifecycleEntry('exited', 'end of input', { pid })
      : lifecycleEntry('exited', 'pipe was killed; what it had read and not yet written is lost', {
          pid,
          severity: severities.WARNING,
        })
  // In an order that a hub which dies in between can go on with.
  await context.push({ run, pid }, [entry], `exit/${run}`)
  removePipeNote(captureDirectory, note)
  runs.end(run, context.now(), details)
}

/** A pipe that is dead has written all it ever will. */
async function untilEnded(
  captureDirectory: string,
  note: PipeNote,
  left: AbortSignal,
): Promise<'ended' | 'killed' | 'left'> {
  while (!left.aborted) {
    const isAlive = note.identity !== undefined && lifeOf(note.identity) === 'alive'
    const now = readPipeNote(captureDirectory, note)
    if (now?.endedAt !== undefined || now === undefined) return 'ended'
    if (!isAlive) return 'killed'
    await sleep(lookMs, undefined, { ref: false, signal: left }).catch(() => undefined)
  }
  return 'left'
}
