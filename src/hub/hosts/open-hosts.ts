// The hosts whose agents hand in records: who they are, which agent may speak for one, and what their sources and runs are called
// here. What is known of them is kept, so that their cards are there before they have come again.
import type { AdmittedAgent, AgentHello, AgentLink, Hosts } from '../../contracts/hosts/host.ts'
import { hostNameForm } from '../../contracts/hosts/host.ts'
import type { RelayPlace } from '../../contracts/hosts/relay.ts'
import type { SourceConfig } from '../../config/config.ts'
import type { Source } from '../../contracts/source.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { Storage } from '../../contracts/storage.ts'
import type { Catalogue } from '../catalogue.ts'
import { checkLease, wordAfter, type Speaker } from './check-lease.ts'
import { admittedAgent } from './admitted-agent.ts'
import { describeSkew, hostOf, viewOf, type KnownHost } from './known-host.ts'
import { openRemoteSources } from './remote-sources.ts'

const keptKey = 'hosts'
/** How often it is kept when a host was heard of last. */
const keepEveryMs = 60_000

export interface HostsOptions {
  catalogue: Pick<Catalogue, 'kept' | 'keep' | 'recall' | 'knows'>
  storage: Pick<Storage, 'relay' | 'relayPlace'>
  sources: { addRemote(config: SourceConfig, source: Source): boolean; removeRemote(name: string): void }
  log: { say(level: 'INFO' | 'WARNING', message: string): void }
  session: string
  now(): number
  changed(): void
}

interface Connected extends Speaker {
  link: AgentLink
  connectedAt: number
}

export function openHosts(options: HostsOptions): Hosts {
  const { catalogue, storage, log, session, now, changed } = options
  const known = new Map(((catalogue.kept(keptKey) ?? []) as KnownHost[]).map((host) => [host.name, host]))
  const connected = new Map<string, Connected>()
  const remote = openRemoteSources({
    add: options.sources.addRemote,
    remove: options.sources.removeRemote,
    isConnected: (host) => connected.has(host),
    now,
    clash: (name) => log.say('WARNING', `There is a source ${name} here already: that of the host has no card`),
    control: (host, source, action) => {
      const there = connected.get(host)
      if (there) return there.link.control(source, action)
      throw new LogboomError('not-controllable', `${host} is not connected`, {
        hint: '`logboom hosts` says since when.',
      })
    },
  })
  let keptAt = now()
  const keep = (): void => {
    keptAt = now()
    catalogue.keep(keptKey, [...known.values()])
  }

  /** Gives whose place the agent may take: nobody noticed yet that it had gone before it came again. Throws where it may not come in. */
  function placeOf(hello: AgentHello): Connected | undefined {
    const there = [...connected.values()]
    const refusal = checkLease(hello, [...known.values()], there)
    if (!refusal) return connected.get(hello.host)
    log.say('WARNING', `An agent that calls itself ${hello.host} was refused: ${refusal.message}`)
    for (const { name, agent, link } of there) if (name === hello.host || agent === hello.agent) link.probe()
    throw refusal
  }

  /** Facts known of an agent go with it when it is called otherwise. */
  function renamed({ agent, host }: AgentHello): KnownHost | undefined {
    const before = [...known.values()].filter((each) => each.agent === agent && each.name !== host)
    for (const { name } of before) {
      known.delete(name)
      remote.forget(name)
      log.say('INFO', `${name} is called ${host} now`)
    }
    return before[0]
  }

  async function admit(hello: AgentHello, link: AgentLink): Promise<AdmittedAgent> {
    if (!hostNameForm.test(hello.host))
      throw new LogboomError('request-invalid', `${JSON.stringify(hello.host)} is no name of a host`, {
        hint: 'Letters, digits and . _ -, at most 63, a letter or digit first: --name NAME.',
      })
    const again = new LogboomError('agent-in-use', `${hello.host} has connected again`)
    const there = placeOf(hello)
    there?.link.dismiss(again)
    const place = await storage.relayPlace(hello.agent)
    // Meanwhile others may have come, and the connection that was there may have ended.
    const late = placeOf(hello)
    if (late !== there) late?.link.dismiss(again)
    const before = renamed(hello) ?? known.get(hello.host)
    const host = hostOf(hello, { address: link.address, now: now(), before })
    known.set(host.name, host)
    // An agent that shows a word has kept it, whatever it could say of that.
    host.lease = hello.lease ?? host.lease
    host.offered = wordAfter(host.lease)
    const mine: Connected = { name: host.name, agent: host.agent, link, life: hello.life, connectedAt: now() }
    connected.set(hello.host, mine)
    keep()
    log.say('INFO', `${hello.host} is connected (Logboom ${hello.version}, ${link.address})${describeSkew(host)}`)
    changed()
    return serve(host, mine, place)
  }

  function serve(host: KnownHost, mine: Connected, place: RelayPlace): AdmittedAgent {
    return admittedAgent(
      { host, place, storage, catalogue, session, now },
      {
        isMine: () => connected.get(host.name) === mine,
        keep,
        told(numberOf) {
          remote.tell(host, numberOf)
          if (now() - keptAt >= keepEveryMs) keep()
          changed()
        },
        left() {
          connected.delete(host.name)
          keep()
          log.say('WARNING', `${host.name} is not connected any more; what it captures is kept there until it is`)
          changed()
        },
      },
    )
  }

  for (const host of known.values()) remote.tell(host, (_, run) => run)

  return {
    list: () => [...known.values()].map((host) => viewOf(host, connected.get(host.name))),
    admit,
  }
}
