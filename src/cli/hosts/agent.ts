// `logboom agent`: the sources of this host in the foreground, for a hub elsewhere. Its console is as clean as a hub's.
import { basename, dirname, join, resolve } from 'node:path'
import { completeOptions, type AgentOptions } from '../../agent/agent-options.ts'
import type { Config } from '../../config/config.ts'
import { loadConfig } from '../../config/load-config.ts'
import { severities } from '../../contracts/record.ts'
import type { SpoolOptions } from '../../contracts/hosts/spool.ts'
import { collectStartGarbage } from '../../system/young-garbage.ts'
import { outliveOutput } from '../closed-output.ts'
import type { PlaceOptions } from '../command-parts.ts'
import { exitCodeOf, watchEndSignals } from '../end-signals.ts'
import { giveUp, stopHub } from '../hub/stop-hub.ts'
import { formatHubLine } from '../logs/console-line.ts'
import { openService } from '../service/open-service.ts'
import { wantsColor } from '../terminal-style.ts'

export interface AgentCommandOptions extends PlaceOptions {
  hub?: string
  token?: string
  name?: string
  control?: boolean
  spool?: number
  whenFull?: SpoolOptions['whenFull']
  insecure?: boolean
}

const usualState = '.logboom'
/** A hub and an agent beside each other have a state each. */
const agentState = '.logboom-agent'

export async function agent(given: AgentCommandOptions): Promise<void> {
  const config = await loadAgentConfig(given)
  const options = optionsOf(given, config)
  outliveOutput()
  const service = openService(process.env, (text) => console.error(`logboom: ${text}`))
  const signals = watchEndSignals()
  const color = wantsColor(process.stdout)
  const least = severities[config.logLevel]
  const { openAgent } = await import('../../agent/open-agent.ts')
  const opened = await openAgent(config, options, (line) => {
    if (line.severity >= least) console.log(formatHubLine(line, { color }))
  }).catch((error: unknown) => {
    signals.close()
    throw error
  })
  service.ready(`Hands lines to ${options.url}`, opened.isWell)
  collectStartGarbage()
  try {
    const signal = await Promise.race([signals.first, opened.failed])
    service.stopping()
    await stopHub(opened, signals, (text) => console.log(text))
    process.exitCode = exitCodeOf(signal)
  } catch (error) {
    await giveUp(opened, error)
  }
  process.exit()
}

async function loadAgentConfig({ directory = '.', config: file, state }: AgentCommandOptions): Promise<Config> {
  const config = await loadConfig({
    directory: resolve(directory),
    ...(file === undefined ? {} : { file }),
    environment: process.env,
    overrides: state === undefined ? {} : { stateDirectory: resolve(state) },
  })
  const isUsual = state === undefined && !process.env.LOGBOOM_STATE && basename(config.stateDirectory) === usualState
  return isUsual ? { ...config, stateDirectory: join(dirname(config.stateDirectory), agentState) } : config
}

/** Flags beat the environment, which beats the configuration. The token is not handed down to processes. */
function optionsOf(given: AgentCommandOptions, { agent: configured = {} }: Config): AgentOptions {
  const { LOGBOOM_URL: url, LOGBOOM_TOKEN: token } = process.env
  delete process.env.LOGBOOM_URL
  delete process.env.LOGBOOM_TOKEN
  return completeOptions({
    hub: given.hub ?? (url || configured.hub),
    token: given.token ?? (token || undefined),
    name: given.name ?? configured.name,
    control: given.control ?? configured.control,
    insecure: given.insecure ?? configured.insecure,
    spoolBytes: given.spool ?? configured.spool?.size,
    whenFull: given.whenFull ?? configured.spool?.whenFull,
  })
}
