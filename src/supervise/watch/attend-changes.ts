// Watches the files of a process, and tells in its log what has changed and what cannot be watched. Apart from the state machine,
// which only restarts.
import { severities } from '../../contracts/record.ts'
import type { Entry } from '../../contracts/source-storage.ts'
import { lifecycleEntry } from '../lifecycle-event.ts'
import { formatChanged, watchChanges, type ChangeWatchOptions } from './watch-changes.ts'

export interface ChangesWatch {
  /** Unless it has begun already; also after it failed, when somebody may have mended that. */
  begin(): void
  /** Why it does not watch, for people. */
  fault(): string | undefined
  close(): void
}

interface Changing {
  /** Resolves when it is done; `entry` is for the log, where a restart comes of it. */
  restart(entry: Entry): Promise<void>
  tell(entry: Entry): void
  changed(): void
}

export function attendChanges(
  options: Omit<ChangeWatchOptions, 'onChanges' | 'onFailure'>,
  { restart, tell, changed }: Changing,
): ChangesWatch {
  let fault: string | undefined
  const watch = watchChanges({
    ...options,
    onChanges(files) {
      const message = `${formatChanged(files)} changed: restarting`
      return restart(lifecycleEntry('changed', message, { files: files.slice(0, 20), count: files.length }))
    },
    onFailure(message) {
      if (message === fault) return
      fault = message
      changed()
      tell(lifecycleEntry('not-watched', message, { severity: severities.WARNING }))
    },
  })
  return {
    begin: () =>
      void watch.begin().then((watches) => {
        if (watches) fault = undefined
      }),
    fault: () => fault,
    close: watch.close,
  }
}
