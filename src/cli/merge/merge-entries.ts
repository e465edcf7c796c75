// Entries of several files, each in its own order → one list in the order of time.
import type { Entry } from './entry.ts'

interface Head {
  pages: AsyncIterator<Entry[]>
  page: Entry[]
  at: number
}

const mostTogether = 500
const mostBytesTogether = 4 * 1024 * 1024

/** Of entries of the same time that of the file named first comes first. */
export async function* mergeEntries(files: readonly AsyncIterable<Entry[]>[]): AsyncGenerator<Entry[]> {
  const heads: Head[] = files.map((pages) => ({ pages: pages[Symbol.asyncIterator](), page: [], at: 0 }))
  const left: Head[] = []
  // All at once, so that those that have to be waited for are waited for together.
  const filled = await Promise.all(heads.map(fill))
  for (const [index, head] of heads.entries()) if (filled[index]) left.push(head)
  let merged: Entry[] = []
  let bytes = 0
  while (left.length > 0) {
    const head = earliest(left)
    const entry = head.page[head.at++]!
    merged.push(entry)
    bytes += entry.bytes
    if (merged.length === mostTogether || bytes > mostBytesTogether) {
      yield merged
      merged = []
      bytes = 0
    }
    if (head.at === head.page.length && !(await fill(head))) left.splice(left.indexOf(head), 1)
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

function earliest(heads: readonly Head[]): Head {
  let first = heads[0]!
  for (const head of heads) if (head.page[head.at]!.time < first.page[first.at]!.time) first = head
  return first
}
