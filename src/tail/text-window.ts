// The part of a text that comes in pieces which is in memory, and its beginning, which stays.
import { beginningBytes, type Beginning } from './beginning.ts'

export interface TextWindow {
  readonly beginning: Beginning
  /** Of all that has come. */
  end(): number
  /** Bytes in memory. */
  length(): number
  add(piece: Buffer): void
  /** Drops pieces that lie wholly before `position`. */
  forget(position: number): void
  /** As much as is there of the text at `position`; returns how many bytes. */
  copy(position: number, to: Buffer): number
}

export function openTextWindow(): TextWindow {
  const beginning: Beginning = { at: 0, bytes: new Uint8Array(0) }
  /** From `start` on. */
  const pieces: Buffer[] = []
  let start = 0
  let end = 0

  function learnBeginning(piece: Buffer): void {
    const known = beginning.bytes
    if (known.length === beginningBytes) return
    const zeros = known.length > 0 ? 0 : piece.findIndex((byte) => byte !== 0)
    if (known.length === 0) beginning.at += zeros < 0 ? piece.length : zeros
    if (zeros >= 0)
      beginning.bytes = new Uint8Array(Buffer.concat([known, piece.subarray(zeros)]).subarray(0, beginningBytes))
  }

  function forget(position: number): void {
    while (pieces[0] && start + pieces[0].length <= position) start += pieces.shift()!.length
  }

  return {
    beginning,
    end: () => end,
    length: () => end - start,
    add(piece) {
      learnBeginning(piece)
      pieces.push(piece)
      end += piece.length
      // Zeros before the beginning need not be kept to be known.
      if (beginning.bytes.length === 0) forget(end)
    },
    forget,
    copy(position, to) {
      let got = Math.max(0, Math.min(to.length, beginning.at - position))
      to.fill(0, 0, got)
      const inBeginning = position + got - beginning.at
      if (inBeginning >= 0 && inBeginning < beginning.bytes.length)
        got += Buffer.from(beginning.bytes).copy(to, got, inBeginning)
      for (let at = start, i = 0; i < pieces.length && got < to.length; at += pieces[i++]!.length) {
        const from = position + got - at
        if (from >= 0 && from < pieces[i]!.length) got += pieces[i]!.copy(to, got, from)
      }
      return got
    },
  }
}
