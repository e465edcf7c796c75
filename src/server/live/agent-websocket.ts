// `/api/v1/agent`: an agent of another host hands in what its sources say. Thin: who it is, messages, and how much may be under way;
// what becomes of them is the hub's.
import type { RawData } from 'ws'
import { LogboomError } from '../../contracts/errors.ts'
import type { AdmittedAgent, AgentHello } from '../../contracts/hosts/host.ts'
import { parseJson } from '../../json/parse-json.ts'
import { agentProtocol, decodeRecords, type AgentMessage, type HubMessage } from '../../wire/agent-messages.ts'
import type { HubStatus } from '../../wire/hub-view.ts'
import { version } from '../../system/version.ts'
import { checkHello, checkState, checkRuns } from './check-agent-message.ts'
import type { ServedHub } from '../hub-interface.ts'
import { openAgentCalls } from './agent-calls.ts'
import type { ServedSocket } from './served-socket.ts'

/** Bytes of records that are not committed; whoever sends more is not read until some are. */
const underWayBytes = 16 * 1024 * 1024
/** An agent that says nothing for so long after it has connected is no agent. */
const helloMs = 10_000
const probeMs = 5000

export function serveAgent(served: ServedSocket, hub: ServedHub): void {
  const { socket, request, caller, alive, dismiss } = served
  let agent: AdmittedAgent | undefined
  let isGreeted = false
  let underWay = 0
  let probing: NodeJS.Timeout | undefined

  const send = (message: HubMessage): void => socket.send(JSON.stringify(message))
  const calls = openAgentCalls(send)
  const late = setTimeout(() => dismiss(new LogboomError('too-slow', 'No agent has said who it is.')), helloMs).unref()

  function probe(): void {
    if (probing) return
    probing = setTimeout(() => socket.terminate(), probeMs).unref()
    socket.ping()
  }

  async function greet(hello: AgentHello): Promise<void> {
    clearTimeout(late)
    if (hello.protocol !== agentProtocol) throw otherProtocol(hello)
    if (!caller.may('forward', `${hello.host}/x`))
      throw new LogboomError('not-allowed', `${caller.name} may not speak for ${hello.host}`, {
        hint: `Make a token for it: logboom token add ${hello.host} --agent ${hello.host}; or use the name of this one: --name.`,
      })
    const address = request.socket.remoteAddress ?? ''
    const admitted = await hub.hosts.admit(hello, { address, control: calls.control, dismiss, probe })
    if (socket.readyState !== socket.OPEN) return admitted.left()
    agent = admitted
    const { lease, through } = admitted
    const { session } = (hub.status() as HubStatus).hub
    send({ type: 'welcome', version, session, lease, ...(through === undefined ? {} : { through }) })
  }

  function take(data: Buffer): void {
    const records = decodeRecords(data)
    if (!agent || !records)
      throw new LogboomError('request-invalid', 'These are no records of an agent that was let in.')
    underWay += data.length
    if (underWay > underWayBytes) socket.pause()
    agent
      .take(records.after, records.through, records.frames)
      .then((through) => socket.readyState === socket.OPEN && send({ type: 'ack', through }))
      .catch(dismiss)
      .finally(() => {
        underWay -= data.length
        if (underWay <= underWayBytes) socket.resume()
      })
  }

  function hear(message: AgentMessage): void {
    if (message.type === 'hello') {
      if (isGreeted) throw new LogboomError('request-invalid', 'An agent says once who it is.')
      isGreeted = true
      return void greet(checkHello(message)).catch(dismiss)
    }
    if (!agent) throw new LogboomError('request-invalid', 'An agent says first who it is.')
    if (message.type === 'lease-kept') agent.keepsLease()
    else if (message.type === 'state') agent.tells(checkState(message))
    else if (message.type === 'runs') agent.runs(checkRuns(message.rows))
    else if (message.type === 'controlled') calls.answer(message.id, message.error)
  }

  socket.on('pong', () => {
    clearTimeout(probing)
    probing = undefined
  })
  socket.on('message', (data, isBinary) => {
    alive()
    try {
      const bytes = bytesOf(data)
      if (isBinary) take(bytes)
      else hear(parseJson(bytes.toString()) as AgentMessage)
    } catch (error) {
      dismiss(error instanceof LogboomError ? error : new LogboomError('request-invalid', (error as Error).message))
    }
  })
  socket.on('close', () => {
    clearTimeout(late)
    clearTimeout(probing)
    agent?.left()
    calls.giveUp()
  })
}

function bytesOf(data: RawData): Buffer {
  if (data instanceof ArrayBuffer) return Buffer.from(data)
  return Array.isArray(data) ? Buffer.concat(data) : data
}

function otherProtocol({ protocol, version: theirs }: AgentHello): LogboomError {
  const older = protocol < agentProtocol ? 'the agent' : 'the hub'
  return new LogboomError(
    'agent-protocol',
    `The agent (Logboom ${theirs}) speaks protocol ${protocol}, this hub (Logboom ${version}) ${agentProtocol}.`,
    { hint: `Update ${older}; what is captured meanwhile is kept on the host and sent then.` },
  )
}
