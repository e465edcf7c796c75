// The storage as one source has it: the worker's calls, each in the source's name.
import type { SearchRequest } from '../contracts/request.ts'
import type { FileTail, SourceStorage, TailHandle } from '../contracts/source-storage.ts'
import type { SearchPage } from '../contracts/store.ts'
import type { Remote } from '../threads/calls.ts'
import type { PipelineCalls } from '../pipeline/pipeline.ts'

export interface SourceStorageOptions {
  calls: Remote<PipelineCalls>
  search(request: SearchRequest): AsyncIterable<SearchPage>
  source: string
  session: string
}

export function openSourceStorage({ calls, search, source, session }: SourceStorageOptions): SourceStorage {
  const handleOf = (tail: number): TailHandle => ({
    drain: () => calls.drain(tail),
    finish: () => calls.finish(tail),
    close: () => calls.closeTail(tail),
  })
  /** An answer that is no number says why there is no tail. */
  function fileTailOf<Answer>(tail: Answer): FileTail | Exclude<Answer, number> {
    if (typeof tail !== 'number') return tail as Exclude<Answer, number>
    return { ...handleOf(tail), rename: (path) => calls.renameTail(tail, path), look: () => calls.look(tail) }
  }

  return {
    tail: async (request) => handleOf(await calls.tail(source, request)),
    tailFile: async (request) => fileTailOf(await calls.tailFile(source, request)),
    tailLogs: async (...words) => (await calls.tailLogs(source, ...words)).map(fileTailOf),
    rememberedFiles: (run) => calls.rememberedFiles(source, run),
    sawAllFiles: (...words) => calls.sawAllFiles(source, ...words),
    backlogBytes: () => calls.backlogBytes(source),
    forgetFile: (...words) => calls.forgetFile(source, ...words),
    push: (run, entries, once) => calls.push({ source, session, ...run }, entries, once),
    offer: (run, entries) => calls.offer({ source, session, ...run }, entries),
    lastOnce: () => calls.lastOnce(source),
    async has(query) {
      for await (const { batches } of search({ query, limit: 1 }))
        if (batches.some(({ count }) => count > 0)) return true
      return false
    },
  }
}
