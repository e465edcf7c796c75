// The hosts whose agents hand in records: who they are, which agent may speak for one, and what their sources and runs are called
// here. What is known of them is kept, so that their cards are there before they have come again.
import { randomUUID } from 'node:crypto'
import type { AdmittedAgent, AgentHello, AgentLink, Hosts } from '../../contracts/hosts/host.ts'
import { hostNameForm } from '../../contracts/hosts/host.ts'
import type { RelayPlace } from '../../contracts/hosts/relay.ts'
import type { SourceConfig } from '../../config/config.ts'
import type { Source } from '../../contracts/source.ts'
import { LogboomError } from '../../contracts/errors.ts'
import type { Storage } from '../../contracts/storage.ts'
import type { Catalogue } from '../catalogue.ts'
import { checkLease } from './check-lease.ts'
import { admittedAgent } from './admitted-agent.ts'
import { describeSkew, hostOf, viewOf, type KnownHost } from './known-host.ts'
import { openRemoteSources } from './remote-sources.ts'

const keptKey = 'hosts'
/** How often it is kept when a host was heard of last. */
const keepEveryMs = 60_000

export interface HostsOptions {
  catalogue: Catalogue
  storage: Pick<Storage, 'relay' | 'relayPlace'>
  sources: { addRemote(config: SourceConfig, source: Source): boolean }
  log: { say(level: 'INFO' | 'WARNING', message: string): void }
  session: string
  now(): number
  changed(): void
}

interface Connected {
  link: AgentLink
  life: string
  connectedAt: number
}

export function openHosts(options: HostsOptions): Hosts {
  const { catalogue, storage, log, session, now, changed } = options
  const known = new Map(((catalogue.kept(keptKey) ?? []) as KnownHost[]).map((host) => [host.name, host]))
  const connected = new Map<string, Connected>()
  const remote = openRemoteSources({
    add: options.sources.addRemote,
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

  function refuse(hello: AgentHello, error: LogboomError, there?: Connected): never {
    log.say('WARNING', `An agent that calls itself ${hello.host} was refused: ${error.message}`)
    there?.link.probe()
    throw error
  }

  async function admit(hello: AgentHello, link: AgentLink): Promise<AdmittedAgent> {
    if (!hostNameForm.test(hello.host))
      throw new LogboomError('request-invalid', `${JSON.stringify(hello.host)} is no name of a host`, {
        hint: 'Letters, digits and . _ -, at most 63, a letter or digit first: --name NAME.',
      })
    const there = connected.get(hello.host)
    const refusal = checkLease(hello, [...known.values()], there?.life)
    if (refusal) refuse(hello, refusal, there)
    // Nobody noticed yet that this agent had gone before it came again.
    there?.link.dismiss(new LogboomError('agent-in-use', `${hello.host} has connected again`))
    const place = await storage.relayPlace(hello.agent)
    if (connected.get(hello.host) !== there)
      refuse(hello, new LogboomError('agent-in-use', `another came as ${hello.host}`))
    const host = hostOf(hello, { address: link.address, now: now(), before: known.get(hello.host) })
    known.set(host.name, host)
    // An agent that shows a word has kept it, whatever it could say of that.
    host.lease = hello.lease ?? host.lease
    host.offered = `${Number(/^\d+/.exec(host.lease ?? '0')![0]) + 1}.${randomUUID()}`
    const mine: Connected = { link, life: hello.life, connectedAt: now() }
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
