// Followers as they are counted: who follows now, and how those ended that did not end by themselves.
import { LogboomError } from '../contracts/errors.ts'
import type { ClientView, ClientsView } from '../wire/client-view.ts'

export interface Followers {
  /** `read` is asked when somebody looks. Gives what ends it. */
  add(read: () => ClientView): () => void
  failed(error: unknown): void
  view(): ClientsView
}

export function openFollowers(): Followers {
  const readers = new Set<() => ClientView>()
  const errors: Record<string, number> = {}
  return {
    add(read) {
      readers.add(read)
      return () => readers.delete(read)
    },
    failed(error) {
      const code = error instanceof LogboomError ? error.code : 'internal'
      errors[code] = (errors[code] ?? 0) + 1
    },
    view: () => ({ clients: [...readers].map((read) => read()), errors: { ...errors } }),
  }
}
