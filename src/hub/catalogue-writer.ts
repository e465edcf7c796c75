// Writes to the catalogue's file behind each change: on a disk that cannot be written changes wait, and a file that is damaged or
// gone is made anew.
import { isDamage, passes, renewCatalogueFile, type CatalogueFile } from './catalogue-file.ts'

export interface CatalogueWriter {
  /** Writes with the next flush; a later change under the same key takes the place of one that waits. */
  queue(key: string, write: (file: CatalogueFile) => void): void
  flush(): void
  hasSession(id: string): boolean
  /** Reads, as far as that can be done now. */
  read(work: (file: CatalogueFile) => void): void
  /** Writes what could not be written before, and sees to the free pages. */
  tend(): void
  close(): void
}

/** `queueAll` queues everything there is, for a file that is new. */
export function openCatalogueWriter(
  path: string,
  opened: CatalogueFile | undefined,
  queueAll: () => void,
  warn: (message: string) => void,
): CatalogueWriter {
  let file = opened
  /** The reason why there is no file. */
  let lost = ''
  const unwritten = new Map<string, (file: CatalogueFile) => void>()

  function flush(): void {
    for (const [key, write] of unwritten) {
      if (!attempt(write)) return
      unwritten.delete(key)
    }
  }

  /** False when it has to wait: disks recover, and a damaged file is made anew when it is next tended. */
  function attempt(work: (file: CatalogueFile) => void): boolean {
    if (file === undefined) return false
    try {
      work(file)
      return true
    } catch (error) {
      if (isDamage(error)) abandon((error as Error).message)
      else if (!passes(error)) throw error
      return false
    }
  }

  function abandon(reason: string): void {
    file?.close()
    file = undefined
    lost = reason
  }

  function renew(): void {
    try {
      file = renewCatalogueFile(path, (aside) =>
        warn(`${path}: ${lost}; it is made anew, and what is left of it is kept as ${aside}`),
      )
      queueAll()
    } catch {
      // Like any other disk that cannot be written: told by the storage, and tried again.
    }
  }

  return {
    queue: (key, write) => void unwritten.set(key, write),
    flush,
    read: (work) => void attempt(work),
    hasSession: (id) => file?.hasSession(id) ?? false,
    tend() {
      if (file?.isThere() === false) abandon('it was taken away')
      if (!file) renew()
      flush()
      attempt((present) => present.makeRoom())
    },
    close() {
      flush()
      file?.close()
    },
  }
}
