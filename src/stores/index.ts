// The list of stores; adding one is one file and one line here.
import type { StoreType } from '../contracts/store.ts'
import { localStore } from './local/local-store.ts'
import { memoryStore } from './memory/memory-store.ts'
import { spoolStore } from './spool/spool-store.ts'

export const storeTypes: StoreType[] = [localStore, memoryStore]

/** Of hubs, and of agents, which nobody chooses. */
export const allStoreTypes: StoreType[] = [...storeTypes, spoolStore]
