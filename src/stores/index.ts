// The list of stores; adding one is one file and one line here.
import type { StoreType } from '../contracts/store.ts'
import { localStore } from './local/local-store.ts'
import { memoryStore } from './memory/memory-store.ts'

export const storeTypes: StoreType[] = [localStore, memoryStore]
