// `logboom up`: a hub in the foreground. Its console stays clean (A4): only what the hub itself has to say.
import { relative, resolve } from 'node:path'
import { loadConfig } from '../../config/load-config.ts'
import type { Config } from '../../config/config.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { Client } from '../../client/connect.ts'
import type { Hub, HubLine } from '../../hub/hub.ts'
import { severities, type SeverityName } from '../../contracts/record.ts'
import { version } from '../../system/version.ts'
import { formatAmount } from '../../text/amounts.ts'
import { escapeTerminal } from '../../text/ansi.ts'
import type { HubInfo } from '../../wire/hub-view.ts'
import { collectStartGarbage } from '../../system/young-garbage.ts'
import { outliveOutput } from '../closed-output.ts'
import { formatHubLine } from '../logs/console-line.ts'
import { exitCodeOf, watchEndSignals } from '../end-signals.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { openService } from '../service/open-service.ts'
import { giveUp, stopHub } from './stop-hub.ts'
import { createPaint, wantsColor } from '../terminal-style.ts'

export interface UpOptions extends PlaceOptions {
  follow?: boolean
  detach?: boolean
  /** False: a hub that is running already is an error, not something to attach to. */
  attach: boolean
  port?: number
  host?: string
  tlsCert?: string
  tlsKey?: string
  store: boolean
  docker?: boolean
  level?: SeverityName
  debug?: boolean
}

/** How long the first lines wait for the banner to come before them. */
const bannerPatienceMs = 1500

export async function up(names: string[], options: UpOptions): Promise<void> {
  const config = await loadUpConfig(names, options)
  if (options.detach) return (await import('./detach.ts')).detach(config)
  outliveOutput()
  const service = openService(process.env, (text) => console.error(`logboom: ${text}`))
  const signals = watchEndSignals()
  const color = wantsColor(process.stdout)
  const console_ = createHubConsole(color, severities[config.logLevel])
  const { openHub } = await import('../../hub/hub.ts')
  const hub = await openHub(config, { onEvent: console_.line }).catch((error: unknown) => {
    signals.close()
    console_.end()
    if (!(error instanceof LogboomError && error.code === 'already-running' && options.attach)) throw error
    return undefined
  })
  if (!hub) return (await import('./attach.ts')).attach(config, { follow: options.follow ?? false })
  // With --follow the hub's lines come among all others.
  if (options.follow) console_.end()
  console_.begin(formatBanner(config, hub.status().hub, color))
  collectStartGarbage()
  // A store that cannot be written is well enough: it answers, and what waits in memory would be lost.
  service.ready(`Serves ${hub.url}`, () => hub.storage.isWritable().then(() => true))
  const shown = options.follow
    ? (await import('./follow-hub.ts')).followHub(await connectTo(hub), {
        session: hub.session,
        shown: true,
      })
    : undefined
  try {
    const signal = await Promise.race([signals.first, hub.closed.then(() => undefined)])
    service.stopping()
    if (signal) {
      await stopHub(hub, signals, (text) => console.log(text))
      process.exitCode = exitCodeOf(signal)
    }
  } catch (error) {
    await giveUp(hub, error)
  }
  shown?.close()
  // Work that a killed process left half done must not keep the hub alive.
  process.exit()
}

async function connectTo({ localUrl, access }: Hub): Promise<Client> {
  return (await import('../../client/connect.ts')).connect(localUrl, { token: access.localKey })
}

function loadUpConfig(names: string[], options: UpOptions): Promise<Config> {
  const { config: file, state, host, port } = options
  const level = options.level ?? (options.debug ? 'DEBUG' : undefined)
  return loadConfig({
    directory: resolve(options.directory ?? '.'),
    ...(file === undefined ? {} : { file }),
    environment: process.env,
    overrides: {
      names,
      ...(state === undefined ? {} : { stateDirectory: resolve(state) }),
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...tlsOf(options),
      ...(options.store ? {} : { store: 'memory' }),
      ...(options.docker && { docker: true }),
      ...(level === undefined ? {} : { logLevel: level }),
    },
  })
}

function tlsOf({ tlsCert, tlsKey }: UpOptions): { tls?: { cert: string; key: string } } {
  if (tlsCert === undefined && tlsKey === undefined) return {}
  if (tlsCert !== undefined && tlsKey !== undefined) return { tls: { cert: resolve(tlsCert), key: resolve(tlsKey) } }
  throw new LogboomError('tls-invalid', '--tls-cert and --tls-key belong together')
}

/** The hub's lines of this severity and up, held back until the banner is out; a start that takes long is not waited for. */
function createHubConsole(
  color: boolean,
  least: number,
): { line(line: HubLine): void; begin(banner: string): void; end(): void } {
  let held: HubLine[] | undefined = []
  let ended = false
  const print = (line: HubLine): void => console.log(formatHubLine(line, { color }))
  const release = (): void => {
    held?.forEach(print)
    held = undefined
  }
  const timer = setTimeout(release, bannerPatienceMs)
  return {
    line(line) {
      if (line.severity < least) return
      if (held) held.push(line)
      else if (!ended) print(line)
    },
    begin(banner) {
      clearTimeout(timer)
      console.log(banner)
      release()
    },
    end() {
      clearTimeout(timer)
      held = undefined
      ended = true
    },
  }
}

function formatBanner(config: Config, { url, logsDirectory, logsObstacle }: HubInfo, color: boolean): string {
  const paint = createPaint(color)
  const count = config.sources.length
  const what = count === 0 ? 'nothing to run yet' : formatAmount(count, 'source')
  const from = config.file ? ` from ${relative(process.cwd(), config.file) || config.file}` : ''
  return [
    '',
    `  ${paint('bold', 'Logboom')} ${paint('dim', `${version} · ${what}${from}`)}`,
    '',
    `  Dashboard  ${paint(['bold', 'cyan'], url)}`,
    `  Logs       ${logsObstacle === undefined ? logsDirectory : paint('yellow', escapeTerminal(logsObstacle))}`,
    '',
    paint('dim', '  Ctrl-C stops everything · logboom logs -f shows all output'),
    '',
  ].join('\n')
}
