// The agent's side of the talk with its hub: who it is, how its sources are, what their runs are called, and what it is asked to do.
import { LogboomError } from '../contracts/errors.ts'
import type { AgentState } from '../contracts/hosts/host.ts'
import type { RunRow } from '../contracts/source.ts'
import type { Storage } from '../contracts/storage.ts'
import { version } from '../system/version.ts'
import { agentProtocol, type AgentMessage, type HubMessage } from '../wire/agent-messages.ts'
import type { ControlRequest, ErrorBody } from '../wire/hub-view.ts'
import type { AgentOptions } from './agent-options.ts'
import { openForwarder } from './forward.ts'
import { openHubSocket } from './hub-socket.ts'
import type { Identity } from './identity.ts'
import { openStateTeller } from './tell-state.ts'

export interface SpeakerOptions {
  options: AgentOptions
  identity: Identity
  storage: Pick<Storage, 'spool' | 'head' | 'onHead'>
  state(): Promise<Omit<AgentState, 'time'>>
  /** Runs that the hub may not know, oldest first. */
  runs(): RunRow[]
  control(request: ControlRequest): Promise<{ name: string; error?: unknown }[]>
  say(level: 'INFO' | 'WARNING' | 'ERROR', message: string): void
  now(): number
}

export interface Speaker {
  /** Something of the sources has changed. */
  changed(): void
  tellRun(row: RunRow): void
  isConnected(): boolean
  /** Resolves when the hub has everything, or after so long. */
  drain(patienceMs: number): Promise<void>
  close(): void
}

const runsOfMessage = 100
const drainLookMs = 50
/** Of the spool, what may be under way. */
const partsOfSpool = 8
const mostWindowBytes = 4 * 1024 * 1024

export function openSpeaker({ options, identity, storage, state, runs, control, say, now }: SpeakerOptions): Speaker {
  let isConnected = false
  let toldTrouble = ''
  const forwarder = openForwarder({
    spool: storage.spool,
    head: storage.head,
    windowBytes: Math.min(mostWindowBytes, options.spool.limitBytes / partsOfSpool),
    failed: (error) => socket.fail(new LogboomError('store-unwritable', `The spool cannot be read: ${error.message}`)),
  })
  const send = (message: AgentMessage): void => socket.send(JSON.stringify(message))
  const teller = openStateTeller({ state, isConnected: () => isConnected, send, now })

  function opened(): void {
    const lease = identity.lease()
    const { life } = identity
    const agent = identity.id()
    const { name: host, control: mayControl } = options
    const hello = { protocol: agentProtocol, version, host, agent, life, time: now(), control: mayControl }
    send({ type: 'hello', ...hello, ...(lease === undefined ? {} : { lease }) })
  }

  function welcome({ lease, through, session }: HubMessage & { type: 'welcome' }): void {
    if ((through ?? 0) > storage.head()) {
      const message = `The hub has records up to ${through} of this agent, which has made ${storage.head()}: its state is an old copy`
      return socket.fail(new LogboomError('agent-copied', message))
    }
    keep(lease)
    socket.proved()
    isConnected = true
    say(
      'INFO',
      `${toldTrouble ? 'Connected again' : 'Connected'} to ${options.url} as ${options.name} (session ${session})`,
    )
    toldTrouble = ''
    void teller.tell()
    tellRuns(runs())
    forwarder.begin(through, socket.send)
  }

  /** A disk that takes no word may take the lines all the same; the hub knows both words until one is kept. */
  function keep(lease: string): void {
    try {
      identity.keepLease(lease)
      send({ type: 'lease-kept' })
    } catch (error) {
      say('WARNING', `The word of the hub cannot be kept: ${(error as Error).message}. The one before it holds.`)
    }
  }

  function lost(error: LogboomError): void {
    isConnected = false
    forwarder.end()
    const text = `${error.message}. ${error.hint}`
    if (text === toldTrouble) return
    toldTrouble = text
    say('WARNING', `${text} What is captured is kept here, and sent when the hub takes it.`)
  }

  function tellRuns(rows: readonly RunRow[]): void {
    for (let at = 0; at < rows.length; at += runsOfMessage)
      send({ type: 'runs', rows: rows.slice(at, at + runsOfMessage) })
  }

  async function obey({ id, ...asked }: HubMessage & { type: 'control' }): Promise<void> {
    const error = await controlled(asked, { options, control })
    // The hub shows what has come of it as soon as it is told that it is done.
    await teller.tell()
    send({ type: 'controlled', id, ...(error === undefined ? {} : { error: bodyOf(error) }) })
  }

  function message(said: HubMessage): void {
    if (said.type === 'welcome') welcome(said)
    else if (said.type === 'ack') forwarder.acknowledged(said.through)
    else if (said.type === 'control') void obey(said)
  }

  const socket = openHubSocket({ url: options.url, token: options.token, opened, message, lost })
  const forget = storage.onHead(forwarder.wake)

  return {
    changed: teller.soon,
    tellRun(row) {
      if (isConnected) send({ type: 'runs', rows: [row] })
    },
    isConnected: () => isConnected,
    async drain(patienceMs) {
      const until = performance.now() + patienceMs
      while (isConnected && forwarder.through() < storage.head() && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, drainLookMs))
    },
    close() {
      teller.close()
      forget()
      forwarder.end()
      socket.close()
    },
  }
}

/** Gives the error where it failed, or may not be. */
async function controlled(
  { source, action }: Pick<HubMessage & { type: 'control' }, 'source' | 'action'>,
  { options, control }: Pick<SpeakerOptions, 'options' | 'control'>,
): Promise<unknown> {
  if (!options.control)
    return new LogboomError('not-controllable', `${options.name} does not let its hub start and stop processes`, {
      hint: 'Start the agent with --control, or set `agent: { control: true }` there.',
    })
  try {
    return (await control({ action, targets: [source] })).find(({ error }) => error !== undefined)?.error
  } catch (error) {
    return error
  }
}

function bodyOf(error: unknown): ErrorBody {
  if (error instanceof LogboomError) return { code: error.code, message: error.message, hint: error.hint }
  return { code: 'internal', message: (error as Error).message, hint: 'The log of the agent says more.' }
}
