// The part of an archive that is read: a rule without files. Its text is held against that of every file that is known, and what was not
// read of it for certain is read (decisions/060).

/** Text of a file that is not there any more, read as far as its place says. */
export interface GoneText<Place> {
  place: Place
  offset: number
  /** The archive is called as that file would be once it is rotated and compressed. */
  isNear: boolean
  /** `all`: the archive's text begins with all that was read; `part`: it is shorter, and what was read begins with it. */
  holds: 'all' | 'part'
}

/** A file that is there and begins with all of the archive's text. */
export interface TextThere {
  isNear: boolean
  /** All of the archive's text was read there. */
  isRead: boolean
  /** The file is younger than the archive's text, which is another's that is equal. */
  isYounger: boolean
}

export type ArchiveDecision<Place> =
  /** The text is read where it stands, unless that is truncated first. */
  | 'wait'
  /** All of it was read. */
  | 'nothing'
  /** Nothing of it was read. */
  | 'everything'
  /** The text was read to this place. */
  | { rest: Place }

/** Files of the archive's name come before others, and files that are gone before those that still have their text. */
export function decideArchive<Place>(
  gone: readonly GoneText<Place>[],
  there: readonly TextThere[],
): ArchiveDecision<Place> {
  for (const isNear of [true, false]) {
    const known = gone.filter((text) => text.isNear === isNear)
    const whole = known.filter(({ holds }) => holds === 'all').sort((a, b) => b.offset - a.offset)
    if (whole[0]) return { rest: whole[0].place }
    const originals = there.filter((text) => text.isNear === isNear && !text.isYounger)
    if (originals.some(({ isRead }) => isRead)) return 'nothing'
    if (originals.length > 0) return 'wait'
    if (known.length > 0) return 'nothing'
  }
  return 'everything'
}
