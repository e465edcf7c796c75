// Shedding, the driver: looks at the load while somebody follows a stream that sheds, has streams tell what is missing, and tells the
// hub's log of each step.
import { nextShedding, unburdened, type Shedding, type SheddingState } from './next-shedding.ts'
import type { SheddingStream } from './shared-stream.ts'

export interface Shedders {
  shedding(): Shedding
  /** Gives what ends it. */
  join(stream: SheddingStream): () => void
}

const lookMs = 250
const looksPerReport = 4

const words: Readonly<Record<Shedding, string>> = {
  detail: 'Streams cannot keep up: lines below INFO are held back, and counted, until they can',
  all: 'Streams cannot keep up: they stand still, and what they miss is counted; files and store have every line',
  none: 'Streams keep up again, and nothing is held back',
}

export function openShedding(warn: (message: string) => void): Shedders {
  const streams = new Set<SheddingStream>()
  let state: SheddingState = unburdened
  let timer: NodeJS.Timeout | undefined
  let measured = performance.eventLoopUtilization()
  let looks = 0

  function look(): void {
    const total = performance.eventLoopUtilization()
    const busy = performance.eventLoopUtilization(total, measured).utilization
    measured = total
    const loads = [...streams].map((stream) => stream.load())
    const behindMs = Math.max(...loads.map((load) => load.behindMs))
    const isOverrun = loads.some((load) => load.isOverrun)
    const hasChanged = enter(nextShedding(state, { behindMs, isOverrun, busy }, performance.now()))
    if (hasChanged || ++looks % looksPerReport === 0) for (const stream of streams) stream.tell()
  }

  function enter(next: SheddingState): boolean {
    const hasChanged = next.shedding !== state.shedding
    state = next
    if (hasChanged) warn(words[next.shedding])
    return hasChanged
  }

  return {
    shedding: () => state.shedding,
    join(stream) {
      streams.add(stream)
      timer ??= setInterval(look, lookMs).unref()
      return () => {
        streams.delete(stream)
        if (streams.size > 0) return
        clearInterval(timer)
        timer = undefined
        enter(unburdened)
      }
    },
  }
}
