// An agent as its users run it, `logboom agent` in a folder of its own, seen from outside only.
import path from 'node:path'
import { prepareHub, until, type HubProcess, type HubProcessOptions, type Surroundings } from './hub-process.ts'

export interface AgentProcess extends Omit<HubProcess, 'url' | 'client' | 'ready' | 'start' | 'records'> {
  /** Resolves when its hub has let it in, in the present life. */
  connected(): Promise<void>
  start(): Promise<void>
}

export interface AgentProcessOptions {
  /** Asked at each launch. */
  hub(): string
  name: string
  /** More words of the command. */
  words?: string[]
  token?: () => string
  around?: () => Surroundings
}

export function prepareAgent(
  config: HubProcessOptions,
  { hub, name, words = [], token, around = () => ({}) }: AgentProcessOptions,
): AgentProcess {
  const surroundings = (): Surroundings => {
    const { environment, ...rest } = around()
    return { ...rest, environment: { ...environment, ...(token ? { LOGBOOM_TOKEN: token() } : {}) } }
  }
  const place = prepareHub(config, surroundings, () => ['agent', '--hub', hub(), '--name', name, ...words])
  const connected = async (): Promise<void> =>
    void (await until(`${name} is connected:\n${place.console()}`, () =>
      /Connected (again )?to /.test(place.console()),
    ))
  return {
    directory: place.directory,
    stateDirectory: path.join(place.directory, '.logboom-agent'),
    get pid() {
      return place.pid
    },
    launch: place.launch,
    connected,
    async start() {
      place.launch()
      await connected()
    },
    kill: place.kill,
    end: place.end,
    console: place.console,
    command: place.command,
    cpuSeconds: place.cpuSeconds,
    memoryMb: place.memoryMb,
    close: place.close,
  }
}
