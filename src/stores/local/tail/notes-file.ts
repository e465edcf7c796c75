// The second copy of what commits say beside their records: how far everything was read, which sequences and ids were given out,
// and that the commit was acknowledged. Written behind the sync of a commit and never synced by itself, so that it costs one small
// write; the loss of any one frame, here or of the tail, then loses no cursor (decisions/021).
import type { Disk } from '../../../system/disk.ts'
import { beginFile, newFile } from '../../../system/new-file.ts'
import type { CursorValue } from '../../../contracts/store.ts'
import { frameBytes, frameHeaderBytes, sealFrame } from '../../../wire/frame.ts'
import { notesFile } from '../names.ts'
import { joinRanges, subtractRanges, type Range } from '../ranges.ts'
import type { Damage } from '../frames/scan-frames.ts'
import { isOfDisk } from './tail-file.ts'
import { walkFrames } from '../frames/walk-frames.ts'

/** Changes by a commit, or all before it, to the state a store must remember. */
export interface StateChange {
  /** The highest id given out. */
  head?: number | undefined
  /** Cursors advanced, or (as null) forgotten. */
  cursors?: Record<string, CursorValue | null> | undefined
  /** Last sequences given out. */
  sequences?: Sequence[] | undefined
  /** In place of all that was remembered before. */
  carried?: { cursors: Record<string, CursorValue>; sequences: Sequence[] } | undefined
}

export type Sequence = [source: string, run: number, sequence: number]

export interface Note extends StateChange {
  /** The first id that may be in the tail that the commit is in. */
  tail: number
  /** The bytes of the tail that the note speaks for; all up to `to` were acknowledged. */
  from: number
  to: number
  head: number
}

export interface NotesFile {
  /** Takes a note down. Never throws what the disk says: the commit is made, and the next note makes up for it. */
  add(note: Note): void
  /** Begins anew, with what `whole` gives. */
  begin(): void
  close(): void
}

/** `whole` gives a note that speaks for everything up to now. */
export function openNotesFile(disk: Disk, directory: string, whole: () => Note): NotesFile {
  const path = notesFile(directory)
  let file: number | undefined

  function close(): void {
    if (file !== undefined) disk.close(file)
    file = undefined
  }

  /** The old file stays true until the new one takes its place. */
  function begin(): void {
    unlessDiskFails(close)
    unlessDiskFails(() => {
      const begun = beginFile(disk, newFile(path))
      try {
        write(disk, begun, whole())
        disk.fsync(begun)
        disk.rename(newFile(path), path)
      } catch (cause) {
        disk.close(begun)
        throw cause
      }
      file = begun
    })
  }

  return {
    add(note) {
      if (file === undefined) return begin()
      const isWritten = unlessDiskFails(() => write(disk, file!, note))
      // Frames behind a part of a frame are not found by everybody.
      if (!isWritten) unlessDiskFails(close)
    },
    begin,
    close,
  }
}

function write(disk: Disk, file: number, note: Note): void {
  const json = Buffer.from(JSON.stringify(note))
  const frame = new Uint8Array(frameBytes(json.length))
  frame.set(json, frameHeaderBytes)
  sealFrame(frame, json.length)
  if (disk.write(file, frame) < frame.length) throw Object.assign(new Error('short write'), { errno: 0 })
}

function unlessDiskFails(action: () => void): boolean {
  try {
    action()
    return true
  } catch (cause) {
    if (!isOfDisk(cause)) throw cause
    return false
  }
}

export interface Notes {
  /** All that can be read, in order; none where there is no such file. */
  notes: Note[]
  damage: Damage[]
}

export function readNotes(disk: Disk, directory: string): Notes {
  const path = notesFile(directory)
  const notes: Note[] = []
  if (!disk.exists(path)) return { notes, damage: [] }
  const { damage, end, size } = walkFrames(disk, path, 0, ({ payload }) => {
    const note = parseNote(payload)
    if (!note) return false
    notes.push(note)
    return true
  })
  return { notes, damage: size > end ? [...damage, { offset: end, bytes: size - end }] : damage }
}

function parseNote(payload: Uint8Array): Note | undefined {
  try {
    const note = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8')) as Note
    return [note.tail, note.from, note.to, note.head].every(Number.isSafeInteger) ? note : undefined
  } catch {
    return undefined
  }
}

/** Up to here everything in that tail was acknowledged, as far as notes tell. */
export function acknowledgedBytes(notes: readonly Note[]): number {
  return notes.reduce((most, { to }) => Math.max(most, to), 0)
}

/** Bytes of the tail, out of these damaged ones, that no note speaks for. */
export function unnoted(notes: readonly Note[], damage: readonly Damage[]): Range[] {
  const noted = joinRanges(notes.map(({ from, to }): Range => [from, to - 1]))
  return subtractRanges(joinRanges(damage.map(({ offset, bytes }): Range => [offset, offset + bytes - 1])), noted)
}
