// The colours of this hub's sources for components.
import { useMemo } from 'react'
import { sourceHues } from '../ui/source-hue.ts'
import { useHub } from './hub-context.tsx'
import { useStore } from './store.ts'

/** Name → hue in degrees. */
export function useSourceHue(): (name: string) => number {
  const names = useStore(useHub().names)
  return useMemo(() => sourceHues(names), [names])
}
