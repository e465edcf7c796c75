// A thread that reads the store beside its writer. Started at the first search, ended when there was none for a while.
import { parentPort, workerData } from 'node:worker_threads'
import { storeTypes } from '../stores/index.ts'
import { readUptime } from '../supervise/proc-table.ts'
import { openYoungGarbage } from '../young-garbage.ts'
import { toWireError, type CallMessage } from './messages.ts'
import { openSearchService, transferOf } from './search-service.ts'

export interface SearchWorkerData {
  store: string
  directory: string
}

const { store, directory } = workerData as SearchWorkerData
const port = parentPort!
const reader = await storeTypes.find(({ name }) => name === store)!.openReader!({
  directory,
  now: Date.now,
  uptime: readUptime,
  warn: (warn) => port.postMessage({ warn }),
})
const service = openSearchService(reader, openYoungGarbage())

port.on('message', ({ call, method, args }: CallMessage) => {
  const { [method]: answer } = service as unknown as Record<string, (...args: unknown[]) => unknown>
  Promise.resolve()
    .then(() => answer!(...args))
    .then(
      (value) => port.postMessage({ reply: call, value }, transferOf(value)),
      (error: unknown) => port.postMessage({ reply: call, error: toWireError(error) }),
    )
})
port.postMessage({ reply: 0, value: undefined })
