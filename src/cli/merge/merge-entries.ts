// Entries of several files, each in its own order → one list in the order of time.
import type { Entry } from './entry.ts'

interface Head {
  /** Place among the files. */
  rank: number
  pages: AsyncIterator<Entry[]>
  page: Entry[]
  at: number
}

const mostTogether = 500
const mostBytesTogether = 4 * 1024 * 1024

/** Of entries of the same time that of the first file comes first. */
export async function* mergeEntries(files: readonly AsyncIterable<Entry[]>[]): AsyncGenerator<Entry[]> {
  const heads: Head[] = files.map((pages, rank) => ({ rank, pages: pages[Symbol.asyncIterator](), page: [], at: 0 }))
  // All at once, so that those that have to be waited for are waited for together.
  const filled = await Promise.all(heads.map(fill))
  const left = heads.filter((_, index) => filled[index]).toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
  let merged: Entry[] = []
  let bytes = 0
  while (left.length > 0) {
    const head = left[0]!
    const entry = head.page[head.at++]!
    merged.push(entry)
    bytes += entry.bytes
    if (merged.length === mostTogether || bytes > mostBytesTogether) {
      yield merged
      merged = []
      bytes = 0
    }
    if (head.at === head.page.length && !(await fill(head))) {
      const last = left.pop()!
      if (last === head) continue
      left[0] = last
    }
    sink(left)
  }
  if (merged.length > 0) yield merged
}

/** False: the file has no more. */
async function fill(head: Head): Promise<boolean> {
  do {
    const { done, value } = await head.pages.next()
    if (done) return false
    head.page = value
    head.at = 0
  } while (head.page.length === 0)
  return true
}

const isBefore = (a: Head, b: Head): boolean => {
  const difference = a.page[a.at]!.time - b.page[b.at]!.time
  return difference === 0 ? a.rank < b.rank : difference < 0
}

/** Moves the first head of the heap to where it belongs: each is before those at twice its place, and one and two further. */
function sink(heap: Head[]): void {
  const head = heap[0]!
  let place = 0
  for (let next = 1; next < heap.length; next = 2 * place + 1) {
    if (next + 1 < heap.length && isBefore(heap[next + 1]!, heap[next]!)) next++
    if (isBefore(head, heap[next]!)) break
    heap[place] = heap[next]!
    place = next
  }
  heap[place] = head
}
