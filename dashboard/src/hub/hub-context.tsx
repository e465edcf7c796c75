// Hands the one hub state of the page to its components.
import { createContext, useContext } from 'react'
import type { HubState } from './hub-state.ts'

const HubContext = createContext<HubState | undefined>(undefined)
export const HubProvider: typeof HubContext.Provider = HubContext.Provider

export function useHub(): HubState {
  const state = useContext(HubContext)
  if (!state) throw new Error('no HubProvider above this component')
  return state
}
