// Whether the person at the page may do something: actions that are not granted are absent, not dead.
import type { Action } from '../../../src/contracts/caller.ts'
import { useHub } from './hub-context.tsx'
import { useStore } from './store.ts'

/** True, too, until the hub has said who asks. */
export function useMay(action: Action): boolean {
  return useStore(useHub().me)?.actions.includes(action) ?? true
}
