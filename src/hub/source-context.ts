// The context that a hub gives a source: its storage, its runs, and how the others are.
import type { SourceContext } from '../contracts/source.ts'
import type { Entry } from '../contracts/source-storage.ts'
import type { LineJoining } from '../contracts/stage.ts'
import type { Storage } from '../contracts/storage.ts'
import type { Bringing } from './unconfigured/brought-sources.ts'
import type { Catalogue } from './catalogue.ts'
import type { Filing } from './filing.ts'
import type { HubLog } from './hub-log.ts'

interface Given
  extends
    Bringing,
    Pick<
      SourceContext,
      'session' | 'baseDirectory' | 'captureDirectory' | 'statusesOf' | 'startOther' | 'changed' | 'now'
    > {
  catalogue: Catalogue
  storage: Storage
  log: HubLog
  filing: Filing
  controlFileOf(source: string): string
  joiningOf(source: string): Promise<LineJoining | undefined>
  linkToJob: SourceContext['job']
}

export function sourceContext(
  name: string,
  { catalogue, storage, log, filing, controlFileOf, bring, joiningOf, linkToJob, ...given }: Given,
): SourceContext {
  const own = storage.ofSource(name)

  function showEvent(pid: number, entry: Entry, pushed: Promise<void>): void {
    if (entry.extras?.fields?.event === 'started') void filing.tell(name, pushed)
    const { time = given.now(), severity = 9, message } = entry
    log.show({ time, pid, severity, message: `${name} ${message}` })
  }

  return {
    name,
    ...given,
    controlFile: () => controlFileOf(name),
    lineJoining: () => joiningOf(name),
    job: linkToJob,
    bring: (other, about, open) => bring(name, other, about, open),
    runs: catalogue.runs(name, given.session, given.now),
    ...own,
    push(run, entries, once) {
      const pushed = own.push(run, entries, once)
      for (const entry of entries) if (entry.kind === 'event') showEvent(run.pid, entry, pushed)
      return pushed
    },
    offer(run, entries) {
      const offered = own.offer(run, entries)
      for (const entry of entries) if (entry.kind === 'event') showEvent(run.pid, entry, offered)
      return offered
    },
    memory: {
      keep: (value) => catalogue.keep(`source ${name}`, value),
      kept: () => catalogue.kept(`source ${name}`),
    },
  }
}
