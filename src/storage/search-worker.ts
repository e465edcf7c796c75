// A thread that reads the store beside its writer. Started at the first search, ended when there was none for a while.
import { parentPort, workerData } from 'node:worker_threads'
import { storeTypes } from '../stores/index.ts'
import { openYoungGarbage } from '../young-garbage.ts'
import { toWireError, type CallMessage } from './messages.ts'
import { openSearchService, type PageMessage } from './search-service.ts'

export interface SearchWorkerData {
  store: string
  directory: string
}

const { store, directory } = workerData as SearchWorkerData
const port = parentPort!
const reader = await storeTypes.find(({ name }) => name === store)!.openReader!({
  directory,
  now: Date.now,
  warn: (warn) => port.postMessage({ warn }),
})
const service = openSearchService(reader, openYoungGarbage())

port.on('message', ({ call, method, args }: CallMessage) => {
  const answer =
    method === 'next' ? service.next(...(args as Parameters<typeof service.next>)) : service.leave(args[0] as number)
  answer.then(
    (value) => {
      const frames = (value as PageMessage | undefined)?.frames ?? []
      port.postMessage(
        { reply: call, value },
        frames.map((frame) => frame.buffer as ArrayBuffer),
      )
    },
    (error: unknown) => port.postMessage({ reply: call, error: toWireError(error) }),
  )
})
port.postMessage({ reply: 0, value: undefined })
