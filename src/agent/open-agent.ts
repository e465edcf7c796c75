// The composition root of an agent: what a hub has to capture lines, with a spool in place of the store, and a hub elsewhere in place
// of sinks, server and page.
import type { Config } from '../config/config.ts'
import type { RunRow, Source } from '../contracts/source.ts'
import type { RemoteSource } from '../contracts/hosts/host.ts'
import { openSources, type Sources } from '../hub/open-sources.ts'
import { openState } from '../hub/state/open-state.ts'
import type { HubLine } from '../hub/hub-log.ts'
import { settingsOf, storedBy } from '../hub/settings/settings-of.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../contracts/storage.ts'
import { hubSource } from '../text/source-name.ts'
import { version } from '../system/version.ts'
import type { SourceView } from '../wire/hub-view.ts'
import type { AgentOptions } from './agent-options.ts'
import { openIdentity, type Identity } from './identity.ts'
import { openSpeaker, type Speaker } from './speak-to-hub.ts'
import { tellingRuns } from './told-runs.ts'

export interface Agent {
  sources: ReadonlyMap<string, Source>
  status(): { sources: { name: string; pid?: number | undefined }[] }
  /** `keep` leaves the processes running, for the next agent to adopt. */
  close(options: { keep: boolean }): Promise<void>
  /** Resolves when the spool's worker has answered. */
  isWell(): Promise<boolean>
  /** Rejects when it cannot go on. */
  failed: Promise<never>
}

/** Runs that a hub is told of when it is met. */
const runsToTell = 500
/** How long an agent that ends waits for its hub. */
const farewellMs = 3000
const tendEveryMs = 10_000

/** Rejects with `already-running` and `state-unusable`, having started nothing. */
export async function openAgent(
  config: Config,
  options: AgentOptions,
  onEvent?: (line: HubLine) => void,
): Promise<Agent> {
  const now = Date.now
  const { lock, catalogue, session, log, warn } = openState(config, now(), onEvent)
  const identity = openIdentity(config.stateDirectory)
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => undefined)
  let spoken: Speaker | undefined
  let isOpening = true
  const changed = (): void => spoken?.changed()

  const settings = settingsOf({ config, catalogue, changed, warn }, () => storage)
  const stored = { ...storedBy(config, settings), store: 'spool', sinks: {}, spool: options.spool }
  const storage = await openStorage({ ...stored, session, warn, fail: ended.reject })
  catalogue.atLeast(storage.lastRuns)
  const isAnew = await beginAnew(identity, storage)
  log.attach(storage.ofSource(hubSource))
  log.say('INFO', `Agent ${options.name}, session ${session}, Logboom ${version}`)
  if (isAnew)
    log.say(
      'WARNING',
      'The spool is gone that was here: what was in it and not sent is lost, and this is a new agent to its hub',
    )
  const tellRun = (row: RunRow): void => spoken?.tellRun(row)
  const sources = openSources({
    config: { ...config, sinks: {} },
    session,
    catalogue: tellingRuns(catalogue, tellRun),
    storage,
    log,
    changed,
    now,
    levels: settings,
  })
  const speaker = (spoken = openSpeaker({
    options,
    identity,
    storage,
    state: async () => ({ ...(await stateOf({ sources, storage, options })), ...(isOpening ? { opening: true } : {}) }),
    runs: () => recentRuns(catalogue),
    control: sources.control,
    say: log.say,
    now,
  }))
  const tending = setInterval(catalogue.tend, tendEveryMs).unref()
  await sources.open()
  isOpening = false
  changed()

  return {
    sources: sources.byName,
    status: () => ({ sources: sources.views() }),
    isWell: () => storage.isWritable().then(() => true),
    failed: ended.promise,
    async close(how) {
      clearInterval(tending)
      await storage.endWaiting()
      await sources.close(how)
      log.say('INFO', how.keep ? 'Agent stops; the processes go on' : 'Agent stops')
      await log.close()
      await speaker.drain(farewellMs)
      speaker.close()
      await storage.close()
      catalogue.endSession(session, now())
      catalogue.close()
      lock.close()
    },
  }
}

/** Records that are numbered from 1 again would be taken for those that the hub has; true where it had an agent of this identity. */
async function beginAnew(identity: Identity, storage: Pick<Storage, 'head' | 'close'>): Promise<boolean> {
  try {
    return storage.head() === 0 && identity.begin()
  } catch (error) {
    await storage.close()
    throw error
  }
}

async function stateOf({ sources, storage, options }: { sources: Sources; storage: Storage; options: AgentOptions }) {
  const [spool, trouble] = await Promise.all([storage.spool.state(), storage.trouble()])
  const { bytes = 0, oldestAt, dropped = 0, isFull = false } = spool ?? {}
  return {
    sources: sources.views().map(remoteOf),
    head: storage.head(),
    ...(oldestAt === undefined ? {} : { oldestAt }),
    spoolBytes: bytes,
    spoolLimitBytes: options.spool.limitBytes,
    whenFull: options.spool.whenFull,
    dropped,
    trouble: [...trouble, ...(isFull ? ['The spool is full: its sources wait'] : [])],
  }
}

/** Paths and levels are those of the hub. */
function remoteOf(view: SourceView): RemoteSource {
  const {
    group: _group,
    instanceOf: _instanceOf,
    shownLevel: _shownLevel,
    capturedLevel: _capturedLevel,
    logFile: _logFile,
    logObstacle: _logObstacle,
    isControllable = false,
    ...rest
  } = view
  return { ...rest, controllable: isControllable }
}

/** Oldest first. */
function recentRuns(catalogue: { eachRun(which: object, take: (row: RunRow) => boolean): void }): RunRow[] {
  const rows: RunRow[] = []
  catalogue.eachRun({}, (row) => {
    if (row.source !== hubSource) rows.push(row)
    return rows.length < runsToTell
  })
  return rows.reverse()
}
