// Which files are copies of others that are, or were, read, as copying and truncating leaves behind. A copy is not read again;
// but what had not been read yet when its original was truncated is read from the copy, once, however often anybody copied.
import type { FilePlace, ForeignRequest } from '../source.ts'
import type { CursorValue } from '../store.ts'
import { findCopies, holds, mayBeCopy } from './foreign-files.ts'

/** A file that was truncated, and where reading had got in what it held. */
export interface Truncation {
  source: string
  request: ForeignRequest
  /** As it is called now. */
  path: string
  before: CursorValue
  /** A copy was found, and the rest is read there. */
  isFound: boolean
  /** So it was before the truncation was noticed. */
  isAhead?: boolean
}

/** One that is read, called so that the other may be its copy. */
export interface Original {
  inode: number
  noticeTruncation(): void
  cursor(): CursorValue
}

export interface Copies {
  /** Where reading had got in what was truncated and of which no copy is found yet. */
  places(source: string): CursorValue[]
  truncated(of: Pick<Truncation, 'source' | 'request' | 'path' | 'before'>): void
  /** Copies whose rest is to be read now, of what was truncated since the last call; `lost`: of these none is found. */
  takeRests(isKnown: (source: string, request: ForeignRequest) => boolean): { rests: Rest[]; lost: Truncation[] }
  /**
   * What a file is that nobody has read: a copy, not to be read; the place where the rest begins in one whose original was
   * truncated; or undefined, a file like others. `remembered`: where a hub before had got in the file beside it, if nobody reads that yet.
   */
  recognize(
    source: string,
    request: ForeignRequest,
    originals: Iterable<Original>,
    remembered: CursorValue | undefined,
  ): 'copy' | Recognized | undefined
}

/** A copy whose rest nobody has read. */
export interface Recognized {
  /** Where the rest begins. */
  cursor: CursorValue
  /** It could not be opened: nothing is known of it, as before. */
  missed(): void
}

export interface Rest extends Recognized {
  source: string
  request: ForeignRequest
  /** Of what it is the rest. */
  truncation: Truncation
}

/** So many are remembered to tell their copies. */
const mostTruncations = 100

export function openCopies(): Copies {
  /** The oldest first. */
  const truncations: Truncation[] = []
  let fresh: Truncation[] = []

  function add(truncation: Truncation): void {
    if (truncations.push(truncation) > mostTruncations) truncations.shift()
  }

  const restIn = ({ inode }: FilePlace, before: CursorValue): CursorValue => ({ ...before, inode })

  return {
    places: (source) =>
      truncations.filter((each) => each.source === source && !each.isFound).map(({ before }) => before),
    truncated({ source, request, path, before }) {
      const ahead = truncations.find((each) => each.isAhead && isSamePlace(each.before, before))
      if (ahead) return void (ahead.isAhead = false)
      const truncation = { source, request, path, before, isFound: false }
      add(truncation)
      fresh.push(truncation)
    },
    takeRests(isKnown) {
      const rests: Rest[] = []
      for (const truncation of fresh) {
        if (truncation.isFound) continue
        const { source, request, path, before } = truncation
        const copies = findCopies(path, before).map((copy) => ({ ...request, ...copy }))
        truncation.isFound = copies.length > 0
        const [copy] = copies
        if (copy && !copies.some((each) => isKnown(source, each)))
          rests.push({
            source,
            request: copy,
            truncation,
            cursor: restIn(copy, before),
            missed: () => void (truncation.isFound = false),
          })
      }
      const lost = fresh.filter((each) => !each.isFound)
      fresh = []
      return { rests, lost }
    },
    recognize(source, request, originals, remembered) {
      const { path, inode, original } = request
      for (const each of originals) {
        if (each.inode === inode) continue
        each.noticeTruncation()
        if (holds(path, each.cursor())) return 'copy'
      }
      for (const each of truncations) {
        if (each.source !== source || each.before.inode === inode || !mayBeCopy(path, each.path)) continue
        const held = holds(path, each.before)
        if (!held) continue
        if (each.isFound || held === 'part') return 'copy'
        each.isFound = true
        return { cursor: restIn(request, each.before), missed: () => void (each.isFound = false) }
      }
      if (!original || !remembered || remembered.inode === inode) return undefined
      const held = holds(path, remembered)
      if (held !== 'all') return held ? 'copy' : undefined
      // Only copied so far, it is read where it is.
      if (remembered.inode === original.inode && holds(original.path, remembered) === 'all') return 'copy'
      const ahead = { source, request, path: original.path, before: remembered, isFound: true, isAhead: true }
      add(ahead)
      return {
        cursor: restIn(request, remembered),
        missed: () => void truncations.splice(truncations.indexOf(ahead), 1),
      }
    },
  }
}

const isSamePlace = (a: CursorValue, b: CursorValue): boolean =>
  a.inode === b.inode && a.offset === b.offset && a.check === b.check && a.head === b.head
