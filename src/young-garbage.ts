// Frees what batches leave behind before it piles up. The engine collects short-lived buffers only after many tens of
// megabytes per thread, because it counts objects, of which there are few; asked in time, it frees them in less time than
// the system needs to hand out fresh pages (decisions/007).
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const limitBytes = 8 * 1024 * 1024
/** Buffers that were in use at two collections are old, and only a full one frees them: when there is so much more of them. */
const oldLimitBytes = 16 * 1024 * 1024

type Collect = (options: { type: 'minor' | 'major' }) => void

/** Gives a function to be told, in places where nothing is in hand, how many bytes have been left behind since. */
export function openYoungGarbage(): (bytes: number) => void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as Collect
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
