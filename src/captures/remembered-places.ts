// Places in a source's files, among the cursors: of files that are there, and of some that are gone, whose text may come back in a
// copy or compressed.
import type { FileIdentity, RememberedFiles } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'

type Cursors = ReadonlyMap<string, CursorValue>

const filePrefix = (source: string, run: number): string => `${source}/${run}/file `
const gonePrefix = (source: string, run: number): string => `${source}/${run}/gone `
export const seenKey = (source: string, run: number): string => `${source}/${run}/seen`
/** Of those that are gone so many are kept. */
const mostGone = 50

const goneKeys = (source: string, run: number): string[] =>
  Array.from({ length: mostGone }, (_, slot) => gonePrefix(source, run) + slot)

/** The files whose places are remembered. */
export function rememberedFiles(source: string, run: number, cursors: Cursors): RememberedFiles {
  const files = filePlaces(source, run, cursors).map(([, { modified, passed }, file]) => {
    const modifiedAt = modified === undefined ? {} : { modifiedAt: Number(modified) }
    return { ...file, ...modifiedAt, ...(passed ? { isPassed: true } : {}) }
  })
  const seen = cursors.get(seenKey(source, run))
  return { files, ...(seen ? { seenAt: Number(seen.at) } : {}) }
}

/** Key for the place in a file that is gone: that of the oldest. */
export function keyOfGone(source: string, run: number, placeAt: (key: string) => CursorValue | undefined): string {
  const keys = goneKeys(source, run)
  const age = (key: string): number => Number(placeAt(key)?.modified ?? -1)
  return keys.reduce((oldest, key) => (age(key) < age(oldest) ? key : oldest))
}

/** In files that were truncated and whose copies were not found. */
export const lostPlaces = (source: string, run: number, cursors: Cursors): [key: string, place: CursorValue][] =>
  goneKeys(source, run).flatMap((key) => {
    const place = cursors.get(key)
    return place?.original === undefined ? [] : [[key, place]]
  })

/** In files that are there, as far as is known. */
export function filePlaces(
  source: string,
  run: number,
  cursors: Cursors,
): [key: string, place: CursorValue, file: FileIdentity][] {
  const prefix = filePrefix(source, run)
  return [...cursors]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, place]) => {
      const [device, inode] = key.slice(prefix.length).split(' ').map(Number)
      return [key, place, { device: device!, inode: inode! }]
    })
}

/** All places in files of a source, also in those that are gone. */
export const placesOf = (source: string, run: number, cursors: Cursors): CursorValue[] =>
  [...cursors]
    .filter(([key]) => key.startsWith(filePrefix(source, run)) || key.startsWith(gonePrefix(source, run)))
    .map(([, place]) => place)

/** The place is in an archive. */
export const isPacked = ({ packed }: CursorValue): boolean => packed !== undefined
