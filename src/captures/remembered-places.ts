// Places in a source's files, among the cursors: of files that are there, and of some that are gone, whose text may come back in a
// copy or compressed.
import type { FileIdentity, RememberedFiles } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'

type Cursors = ReadonlyMap<string, CursorValue>
type PlaceAt = (key: string) => CursorValue | undefined

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
export function keyOfGone(source: string, run: number, placeAt: PlaceAt): string {
  const keys = goneKeys(source, run)
  const age = (key: string): number => Number(placeAt(key)?.modified ?? -1)
  return keys.reduce((oldest, key) => (age(key) < age(oldest) ? key : oldest))
}

/** In files that are gone, or were truncated. */
export const gonePlaces = (source: string, run: number, placeAt: PlaceAt): [key: string, place: CursorValue][] =>
  goneKeys(source, run).flatMap((key) => {
    const place = placeAt(key)
    return place ? [[key, place]] : []
  })

/** In files that were truncated, or replaced, and whose copies were not found. */
export const lostPlaces = (source: string, run: number, placeAt: PlaceAt): [key: string, place: CursorValue][] =>
  gonePlaces(source, run, placeAt).filter(([, { original }]) => original !== undefined)

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

/** The place is in an archive. */
export const isPacked = ({ packed }: CursorValue): boolean => packed !== undefined

const ofItsFile = ['born', 'copy', 'ended', 'left', 'original', 'packed', 'passed', 'unseen']

/** The place, in another file that has the same text. */
export function placeElsewhere(place: CursorValue, { inode }: Pick<FileIdentity, 'inode'>): CursorValue {
  const ofText = Object.entries(place).filter(([key]) => !ofItsFile.includes(key))
  return { ...Object.fromEntries(ofText), inode }
}
