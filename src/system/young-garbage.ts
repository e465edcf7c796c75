// Frees what batches leave behind before it piles up. The engine collects short-lived buffers only after many tens of
// megabytes per thread, because it counts objects, of which there are few; asked in time, it frees them in less time than
// the system needs to hand out fresh pages (decisions/007).
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const limitBytes = 3 * 1024 * 1024
/** Buffers that were in use at two collections are old, and only a full one frees them: when there is so much more of them. */
const oldLimitBytes = 4 * 1024 * 1024

type Collect = (options: { type: 'minor' | 'major'; flavor?: 'last-resort' }) => void

/** Gives a function to be told, in places where nothing is in hand, how many bytes have been left behind since. */
export function openYoungGarbage(): (bytes: number) => void {
  const collect = openCollect()
  const bufferBytes = (): number => getHeapStatistics().external_memory
  let left = 0
  let leastBytes = bufferBytes()
  return (bytes) => {
    left += bytes
    if (left < limitBytes) return
    left = 0
    collect({ type: 'minor' })
    leastBytes = Math.min(leastBytes, bufferBytes())
    if (bufferBytes() - leastBytes < oldLimitBytes) return
    collect({ type: 'major' })
    leastBytes = bufferBytes()
  }
}

/**
 * Gives back what this thread needed to start, which a quiet hub would otherwise keep for ever (decisions/007). Takes up to a
 * tenth of a second: for the moment after a start, when all is running and nobody has asked for anything.
 */
export function collectStartGarbage(): void {
  openCollect()({ type: 'major', flavor: 'last-resort' })
}

function openCollect(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}
