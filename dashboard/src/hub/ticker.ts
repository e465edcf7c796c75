// The clock of the whole page, a tick per second, only while somebody looks at it.
import { createStore, useStore } from './store.ts'

const seconds = createStore(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

const ticking = {
  ...seconds,
  subscribe(listener: () => void) {
    if (users++ === 0) {
      seconds.set(Date.now())
      timer = setInterval(() => seconds.set(Date.now()), 1000)
    }
    const unsubscribe = seconds.subscribe(listener)
    return () => {
      unsubscribe()
      if (--users === 0) clearInterval(timer)
    }
  },
}

/** Unix ms, renewed every second. */
export function useNow(): number {
  return useStore(ticking)
}
