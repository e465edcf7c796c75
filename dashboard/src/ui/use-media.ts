// The width of the page where code must know it: rows have heights known in advance, and what is not shown is not drawn.
import { useSyncExternalStore } from 'react'

interface Watched {
  subscribe(listener: () => void): () => void
  matches(): boolean
}

function watch(query: string): Watched {
  const list = matchMedia(query)
  return {
    subscribe(listener) {
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    matches: () => list.matches,
  }
}

const narrow = watch('(max-width: 639px)')
const columns = watch('(min-width: 1024px)')
const side = watch('(min-width: 1280px)')

/** A phone's width: rows take two lines. */
export function useNarrow(): boolean {
  return useSyncExternalStore(narrow.subscribe, narrow.matches)
}

/** Room for a column beside a page that needs most of it. */
export function useSideColumn(): boolean {
  return useSyncExternalStore(side.subscribe, side.matches)
}

/** Room for two lists beside each other. */
export function useTwoColumns(): boolean {
  return useSyncExternalStore(columns.subscribe, columns.matches)
}
