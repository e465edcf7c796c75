// Changes by the commits of one tail, told by its frames and, where these are damaged or gone, by the notes; and what of that
// which was acknowledged is lost.
import type { Disk } from '../../../system/disk.ts'
import { acknowledgedBytes, type Note, type StateChange } from './notes-file.ts'
import type { Damage, FrameAt } from '../frames/scan-frames.ts'
import { readTailHeaders, type TailHeader, type TailScan } from './tail-file.ts'

export interface TailLoss {
  /** Bytes that were acknowledged and cannot be read. */
  damage: Damage[]
  /** Bytes at the end that were acknowledged and are not there any more. */
  missingBytes: number
}

export interface Replay {
  /** Notes about this tail, in order. */
  notes: readonly Note[]
  /** Nothing more was written to it. */
  closed: boolean
  /** Told of the changes in the order in which they were made; the same one may come twice. */
  take(change: StateChange): void
  visit?(header: TailHeader, frame: FrameAt): void
}

export function replayTail(
  disk: Disk,
  path: string,
  { notes, closed, take, visit }: Replay,
): { scan: TailScan; loss: TailLoss } {
  let next = 0
  const takeNotes = (before: number): void => {
    while (next < notes.length && notes[next]!.to < before) take(notes[next++]!)
  }
  const scan = readTailHeaders(
    disk,
    path,
    (header, frame) => {
      takeNotes(frame.offset + frame.bytes)
      take(changeOf(header))
      visit?.(header, frame)
    },
    { closed },
  )
  takeNotes(Infinity)
  return { scan, loss: lossOf(scan, notes, closed) }
}

function changeOf({ source, run, rest = {} }: TailHeader): StateChange {
  const { head, cursors, carried, sequence } = rest
  return { head, cursors, carried, sequences: sequence ? [[source, run, sequence]] : [] }
}

/** Bytes behind the last commit of the newest tail were never acknowledged, unless notes say so. */
function lossOf(
  { damage, frameEnd, size, committedBytes }: TailScan,
  notes: readonly Note[],
  closed: boolean,
): TailLoss {
  const end = closed ? size : Math.max(committedBytes, acknowledgedBytes(notes))
  const behind = Math.min(size, end) - frameEnd
  return {
    damage: [
      ...damage.filter(({ offset }) => offset < end),
      ...(behind > 0 ? [{ offset: frameEnd, bytes: behind }] : []),
    ],
    missingBytes: Math.max(0, end - size),
  }
}
