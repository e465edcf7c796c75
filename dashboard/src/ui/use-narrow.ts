// True on a phone's width: rows then take two lines, so that heights known in advance must know it too.
import { useSyncExternalStore } from 'react'

const narrow = matchMedia('(max-width: 639px)')

function subscribe(listener: () => void): () => void {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches)
}
