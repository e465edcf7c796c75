// The place of a logger's file: a name in its directory that no other process writes, with the rotated files beside it.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { tell } from '../tell.ts'
import type { Room } from './append-with-room.ts'
import { claimFile, type Claim } from './claim.ts'
import { openRotatedFiles, type RotatedFilesOptions } from './rotated-files.ts'

export interface ClaimedPlaceOptions extends Omit<RotatedFilesOptions, 'file'> {
  directory: string
  /** Name of the file without `.log`. */
  base: string
  /** A gap as a line of this file, with line feed. */
  gapLine(message: string): string
}

export interface ClaimedPlace {
  /** Name that is wanted: another process may have it. */
  wanted: string
  /** Undefined until the directory can be written. */
  path(): string | undefined
  /** Makes the directory and claims a name, where that has not been done or others have undone it. Throws what the system says. */
  claim(): Room
  settled(): Promise<void>
  release(): void
}

export function openClaimedPlace(options: ClaimedPlaceOptions): ClaimedPlace {
  const { directory, base } = options
  const wanted = path.join(directory, `${base}.log`)
  let held: { claim: Claim; room: Room } | undefined

  function claim(): Room {
    mkdirSync(directory, { recursive: true })
    // A directory that others removed took the claim along.
    if (held?.claim.isHeld()) return held.room
    const made = claimFile(directory, base)
    tellOtherWriter(made, wanted)
    const room = { ...options, path: made.file, rotated: openRotatedFiles({ ...options, file: made.file }) }
    held = { claim: made, room }
    return room
  }

  return {
    wanted,
    path: () => held?.claim.file,
    claim,
    settled: async () => held?.room.rotated.settled(),
    release: () => held?.claim.release(),
  }
}

function tellOtherWriter({ file, number }: Claim, wanted: string): void {
  if (number === 1) return
  const text = `${wanted} is written by another process; this one (pid ${process.pid}) writes ${file}`
  tell(`claim ${file}`, text)
}
