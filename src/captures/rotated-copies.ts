// Copies of files that are, or were, read, as copying and truncating leaves behind. A copy is not read again;
// but what had not been read yet when its original was truncated is read from the copy, once, however often anybody copied.
import { statSync } from 'node:fs'
import type { FileIdentity, FilePlace, FileRequest } from '../contracts/source-storage.ts'
import type { CursorValue } from '../contracts/store.ts'
import { containsAll, findCopies, placeKey, holds, logOf, mayBeCopy, placeAtEnd, restBehind } from './compare-files.ts'
import { inodeAt } from '../tail/tailed-file.ts'
import { placeElsewhere } from './remembered-places.ts'

/** A file that was truncated, and where reading had got in what it held. */
export interface Truncation {
  source: string
  request: FileRequest
  /** As it is called now. */
  path: string
  before: CursorValue
  /** A copy was found, and the rest is read there. */
  isFound: boolean
  /** Where that copy ends; undefined of an archive. */
  end?: CursorValue | undefined
}

/** A file of the same log that is read. */
export interface Original {
  inode: number
  path: string
  noticeTruncation(): void
  cursor(): CursorValue
  offset(): number
  backlogBytes(): number
}

export interface RotatedCopies {
  /** Truncated files of which no copy is found yet. */
  notFound(source: string): Truncation[]
  /** A copy of a file of which nothing is read yet: read instead of that, should it be truncated before. */
  unread(originalKey: string, copy: FileRequest): void
  truncated(of: Pick<Truncation, 'source' | 'request' | 'path' | 'before'>): void
  /** For each file that was truncated since the last call: what is read before the file is read on. */
  takeTruncations(isKnown: (source: string, request: FileRequest) => boolean): Truncated[]
  /**
   * Recognizes a file that nobody has read: a copy, not to be read; the place where the rest begins in one whose original was
   * truncated, or is gone; or undefined, a file like others. `gone`: places in files that are not there.
   */
  recognize(
    source: string,
    request: FileRequest,
    originals: Iterable<Original>,
    gone: Iterable<CursorValue>,
  ): 'copy' | Recognized | undefined
}

/** A copy whose rest nobody has read. */
export interface Recognized {
  /** Start of the rest. */
  cursor: CursorValue
  /** The file that was truncated, when it is read already. */
  of?: FileIdentity
  /** Tells that the copy could not be opened: nothing is known of it, as before. */
  missed(): void
}

export interface Truncated {
  truncation: Truncation
  /** Copies with lines that come before those of the file, the oldest first; they may be read already. */
  known: FileRequest[]
  /** The copy whose rest nobody reads yet. */
  rest?: Recognized & { request: FileRequest }
  /** Copies of what was written and truncated before anybody looked. */
  later: FileRequest[]
}

/** Truncations that are remembered to tell their copies. */
const mostTruncations = 100

export function openRotatedCopies(): RotatedCopies {
  /** The oldest first. */
  const truncations: Truncation[] = []
  let fresh: Truncation[] = []
  const unread = new Map<string, FileRequest>()

  function add(truncation: Truncation): void {
    if (truncations.push(truncation) > mostTruncations) truncations.shift()
  }

  return {
    notFound: (source) => truncations.filter((each) => each.source === source && !each.isFound),
    unread: (originalKey, copy) => void unread.set(originalKey, copy),
    truncated({ source, request, path, before }) {
      const truncation = { source, request, path, before, isFound: false }
      add(truncation)
      fresh.push(truncation)
    },
    takeTruncations(isKnown) {
      const taken = fresh
      fresh = []
      return taken.map((truncation) => {
        const { source, request, path, before } = truncation
        const beside = findCopies({ ...request, path }, logOf(request), before)
        const wasFound = truncation.isFound
        truncation.isFound ||= beside.copies.length > 0
        const requestOf = (place: FilePlace): FileRequest => ({
          ...request,
          ...place,
          start: 'beginning',
          seenBytes: 0,
        })
        const copies = beside.copies.map(requestOf)
        const known = copies.filter((each) => isKnown(source, each))
        const later = beside.later.map(requestOf)
        const key = placeKey(source, request.run, request)
        const instead = unread.get(key)
        if (instead && before.offset === 0 && copies.length === 0) later.unshift(instead)
        unread.delete(key)
        const truncated: Truncated = {
          truncation,
          known: [...known, ...later.filter((each) => isKnown(source, each))],
          later: later.filter((each) => !isKnown(source, each)),
        }
        const [copy] = copies
        if (wasFound || !copy) return truncated
        truncation.end = endOf(copy)
        if (known.length > 0) return truncated
        const missed = (): void => void (truncation.isFound = false)
        return { ...truncated, rest: { request: copy, cursor: placeElsewhere(before, copy), missed } }
      })
    },
    recognize(source, request, originals, gone) {
      const { path, inode } = request
      for (const each of originals) {
        if (each.inode === inode) continue
        each.noticeTruncation()
        // A rotated file is copied no more.
        if (!mayBeCopy(path, each.path)) continue
        // Of a log that is gone only its length, and what was read, are known.
        const isHere = inodeAt(each.path) === each.inode
        const isCopy = isHere ? containsAll(each, request) : isShorter(path, each) && holds(path, each.cursor())
        if (isCopy) return 'copy'
        // Just now, it may be.
        each.noticeTruncation()
      }
      for (const each of truncations.toSorted((a, b) => byMostRead(a.before, b.before))) {
        if (each.source !== source || each.before.inode === inode || !mayBeCopy(path, logOf(each.request))) continue
        const held = holds(path, each.before)
        if (!held) continue
        if (held === 'part') return 'copy'
        // The text that was read may be one line, with which other files of the log begin, too.
        const rest = !each.isFound
          ? placeElsewhere(each.before, request)
          : each.end
            ? restBehind(each.end, request)
            : 'nothing'
        if (rest === 'nothing') return 'copy'
        if (!rest) continue
        const was = { isFound: each.isFound, end: each.end }
        Object.assign(each, { isFound: true, end: endOf(request) })
        return { cursor: rest, of: each.request, missed: () => void Object.assign(each, was) }
      }
      for (const place of [...gone].toSorted(byMostRead)) {
        const held = holds(path, place)
        if (held) return held === 'part' ? 'copy' : { cursor: placeElsewhere(place, request), missed: () => undefined }
      }
      return undefined
    },
  }
}

/** Of one of which only a line was read, other files may have that line, too. */
const byMostRead = (a: CursorValue, b: CursorValue): number => Number(b.offset) - Number(a.offset)

/** Undefined when the file went meanwhile. */
function endOf(file: FilePlace): CursorValue | undefined {
  try {
    return placeAtEnd(file)
  } catch {
    return undefined
  }
}

const isShorter = (path: string, original: Original): boolean =>
  statSync(path).size <= original.offset() + original.backlogBytes()

export const isSamePlace = (a: CursorValue, b: CursorValue): boolean =>
  a.inode === b.inode && a.offset === b.offset && a.check === b.check && a.head === b.head
