// A store whose records are on their way to another one: an agent's.
import type { StoreType } from '../../contracts/store.ts'
import { openSpoolStore } from './open-spool-store.ts'

export const spoolStore: StoreType = { name: 'spool', open: openSpoolStore }
