// All files that the pipeline reads, found by what is asked of them without looking at each: there may be ten thousand.
import type { Capture } from './capture.ts'

export interface CaptureSet {
  /** `open` is given what to call whenever the capture has something to be read again. Returns its number. */
  add(open: (heated: () => void) => Capture): number
  get(number: number): Capture | undefined
  numberOf(capture: Capture): number | undefined
  remove(number: number): void
  rename(number: number, path: string): void
  all(): IterableIterator<Capture>
  /** Captures to be read at the next step. */
  active(): Capture[]
  /** Lets those rest that have been quiet for a while; true when some go on. See Capture. */
  rest(now: number, wake: () => void): boolean
  /** The file of others that has this key. */
  withKey(key: string): Capture | undefined
  /** Files of others that one with this path may be a copy of: those of a log that is called so or less. */
  originalsOf(source: string, path: string): Capture[]
}

export function openCaptureSet(): CaptureSet {
  const captures = new Map<number, Capture>()
  const numbers = new Map<Capture, number>()
  const hot = new Set<Capture>()
  const byKey = new Map<string, Capture>()
  const byLog = new Map<string, Set<Capture>>()
  let last = 0

  function note(capture: Capture): void {
    const there = byLog.get(capture.log)
    if (there) there.add(capture)
    else byLog.set(capture.log, new Set([capture]))
  }

  function forget(capture: Capture): void {
    const there = byLog.get(capture.log)
    there?.delete(capture)
    if (there?.size === 0) byLog.delete(capture.log)
  }

  return {
    add(open) {
      const capture: Capture = open(() => {
        if (numbers.has(capture)) hot.add(capture)
      })
      captures.set(++last, capture)
      numbers.set(capture, last)
      hot.add(capture)
      if (capture.private) return last
      byKey.set(capture.key, capture)
      note(capture)
      return last
    },
    get: (number) => captures.get(number),
    numberOf: (capture) => numbers.get(capture),
    remove(number) {
      const capture = captures.get(number)
      if (!capture) return
      captures.delete(number)
      numbers.delete(capture)
      hot.delete(capture)
      if (byKey.get(capture.key) === capture) byKey.delete(capture.key)
      forget(capture)
    },
    rename: (number, path) => captures.get(number)?.rename(path),
    all: () => captures.values(),
    active: () => [...hot].filter((capture) => capture.active()),
    rest(now, wake) {
      for (const capture of hot) {
        capture.rest(now, wake)
        if (!capture.active()) hot.delete(capture)
      }
      return hot.size > 0
    },
    withKey: (key) => byKey.get(key),
    originalsOf(source, path) {
      const found: Capture[] = []
      for (let end = path.length - 1; path[end] !== '/' && end > 0; end--)
        for (const capture of byLog.get(path.slice(0, end)) ?? [])
          if (capture.origin.source === source) found.push(capture)
      return found
    },
  }
}
