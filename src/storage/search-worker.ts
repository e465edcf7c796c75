// A thread that reads the store beside its writer. Started at the first search, ended when there was none for a while.
import { parentPort, workerData } from 'node:worker_threads'
import { storeTypes } from '../stores/index.ts'
import { readUptime } from '../supervise/process/proc-table.ts'
import { openYoungGarbage } from '../system/young-garbage.ts'
import { serve } from '../threads/serve.ts'
import { openSearchService, transferOf, type SearchService } from './search-service.ts'
import type { SearchWorkerData } from './storage-calls.ts'

const { store, directory } = workerData as SearchWorkerData
const port = parentPort!
const reader = await storeTypes.find(({ name }) => name === store)!.openReader!({
  directory,
  now: Date.now,
  uptime: readUptime,
  warn: (warn) => port.postMessage({ warn }),
})
serve<SearchService>(port, openSearchService(reader, openYoungGarbage()), { transferOf })
