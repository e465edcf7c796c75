// `logboom down`: stops the hub here and what it runs, also what runs on because its hub was killed.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openCatalogue } from '../../hub/catalogue.ts'
import type { Config } from '../../config/config.ts'
import { findSource } from '../../config/instances.ts'
import { configForCommand, loadConfig } from '../../config/load-config.ts'
import { LogboomError } from '../../contracts/errors.ts'
import { hubSource } from '../../text/source-name.ts'
import { recallRuns } from '../../hub/recall-runs.ts'
import { identify, lifeOf } from '../../supervise/process/identity.ts'
import { exitCodeOf, watchEndSignals } from '../end-signals.ts'
import { findState, tryHub, type FoundHub } from './find-hub.ts'
import { withStateLock } from '../store/find-store.ts'
import type { SourceView } from '../../wire/hub-view.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { stopHub } from './stop-hub.ts'

const lookMs = 100
const sayMs = 2000

export async function down(options: PlaceOptions & { keep?: boolean }): Promise<void> {
  const stateDirectory = await findState(options)
  const found = await tryHub(stateDirectory)
  if (found) return stopRunning(found, options.keep ?? false)
  const left = await leftBehind(stateDirectory)
  if (left.length === 0 || options.keep) {
    console.error(`logboom: no hub is running in ${stateDirectory}`)
    return
  }
  await stopLeftBehind(left, stateDirectory, options)
}

async function stopRunning({ client, info }: FoundHub, keep: boolean): Promise<void> {
  const alive = async (): Promise<string[]> => (await client.sources().catch(() => [])).flatMap(runningProcess)
  const names = await alive()
  const hubProcess = info.pid === undefined ? undefined : identify(info.pid)
  await client.shutdown({ keep })
  let sayAt = performance.now() + sayMs
  while (hubProcess && lifeOf(hubProcess) === 'alive') {
    await sleep(lookMs)
    if (performance.now() < sayAt) continue
    sayAt += sayMs
    const waiting = await alive()
    console.error(waiting.length > 0 ? `Waiting for ${waiting.join(', ')} …` : 'Writing down the last lines …')
  }
  const left = names.length === 0 ? 'nothing was running' : `${list(names)} ${names.length === 1 ? 'goes' : 'go'} on`
  console.log(keep ? `The hub has stopped; ${left}` : `Stopped ${list(names)}`)
}

function leftBehind(stateDirectory: string): Promise<string[]> {
  const path = join(stateDirectory, 'catalogue.db')
  const captureDirectory = join(stateDirectory, 'capture')
  if (!existsSync(path) && !existsSync(captureDirectory)) return Promise.resolve([])
  return withStateLock(stateDirectory, async () => {
    const warn = (message: string): void => console.error(`logboom: ${message}`)
    const catalogue = openCatalogue(path, warn)
    try {
      recallRuns(catalogue, captureDirectory, warn)
      return catalogue.unendedSources().filter((name) => name !== hubSource)
    } finally {
      catalogue.close()
    }
  })
}

/** A hub for a moment: it takes over what runs, captures the last words, and stops it. */
async function stopLeftBehind(names: string[], stateDirectory: string, place: PlaceOptions): Promise<void> {
  const signals = watchEndSignals()
  const { openHub } = await import('../../hub/hub.ts')
  const hub = await openHub(await configToStop(names, stateDirectory, place))
  const alive = hub.status().sources.flatMap(runningProcess)
  const stopped = stopHub(hub, signals, (text) => console.error(text))
  const signal = await Promise.race([
    stopped.then(() => undefined),
    signals.first.then((name) => stopped.then(() => name)),
  ])
  console.log(alive.length > 0 ? `Stopped ${list(alive)}, which a hub had left behind` : 'Nothing was running any more')
  process.exit(signal ? exitCodeOf(signal) : 0)
}

/** Only what was left behind, and nothing of it is started anew; how to stop it, the configuration may say. */
async function configToStop(names: string[], stateDirectory: string, place: PlaceOptions): Promise<Config> {
  const directory = resolve(place.directory ?? '.')
  const file = place.config === undefined ? {} : { file: place.config }
  const overrides = { stateDirectory, port: 0 }
  const known = await loadConfig({ directory, ...file, overrides }).catch((error: unknown) => {
    // Also where the configuration is broken or gone, what runs must be stoppable.
    if (error instanceof LogboomError) return undefined
    throw error
  })
  const bare = await configForCommand(['true'], { directory, overrides })
  const [template] = bare.sources
  const quiet = { autostart: false, restart: 'never' }
  const sources = names.map((name) => {
    const { type, options } = findSource(known?.sources ?? [], name) ?? template!
    return { type, name, options: { ...(options as object), ...quiet } }
  })
  return { ...(known ?? bare), sources }
}

function list(names: string[]): string {
  return names.length > 0 ? names.join(', ') : 'the hub'
}

/** Pipes run, too, but are nobody's to stop; those of other hosts go on there. */
function runningProcess({ name, type, pid, host }: SourceView): string[] {
  return type === 'process' && pid !== undefined && !host ? [name] : []
}
