// Syslog over UDP and TCP: what a person may set, and the listeners that it makes.
import type { z } from 'zod'
import { keepListening, type KeptListener } from '../listen/keep-listening.ts'
import { formatListenAddress, parseListenAddress, type ListenAddress } from '../listen/listen-address.ts'
import { listenTcp } from '../listen/listen-tcp.ts'
import { listenUdp } from '../listen/listen-udp.ts'
import { isNetwork, openPeers } from '../listen/peers.ts'
import { isLoopback } from '../system/loopback.ts'
import { severities } from '../contracts/record.ts'
import type { Source, SourceContext, SourceType } from '../contracts/source.ts'
import type { Entry } from '../contracts/source-storage.ts'
import type { Zod } from '../contracts/zod.ts'

export interface SyslogOptions {
  /** As `parseListenAddress` reads it; at least one of the two. */
  udp?: string | undefined
  tcp?: string | undefined
  allow: string[]
  title?: string | undefined
}

interface Written {
  udp?: number | string | undefined
  tcp?: number | string | undefined
}

const listeners = { udp: listenUdp, tcp: listenTcp } as const
const defaultAddress = '127.0.0.1:5514'
/** Most refused senders that are told of. */
const mostRefused = 100

function options(z: Zod): z.ZodType<SyslogOptions> {
  const address = z
    .union([z.int(), z.string()])
    .transform(String)
    .refine((text) => parseListenAddress(text) !== undefined, 'must be a port, or host and port as in 127.0.0.1:5514')
    .transform((text) => formatListenAddress(parseListenAddress(text)!))
  const network = z.string().refine(isNetwork, 'must be an address or a network, as in 10.0.0.7 or 10.0.0.0/8')
  const whole = z
    .strictObject({
      udp: address.optional(),
      tcp: address.optional(),
      allow: z.union([network.transform((one) => [one]), z.array(network)]).default([]),
      title: z.string().min(1).optional(),
    })
    .superRefine(({ udp, tcp, allow }, issues) => {
      for (const [key, text] of Object.entries({ udp, tcp }))
        if (allow.length === 0 && isOpenToOthers(text))
          issues.addIssue({ code: 'custom', path: [key], message: openToOthers(text!) })
    })
    .transform(({ udp, tcp, ...rest }) =>
      (udp ?? tcp) ? { udp, tcp, ...rest } : { udp: defaultAddress, tcp: defaultAddress, ...rest },
    )
  // `syslog: { net: 5514 }`
  const short = z.union([z.int(), z.string()]).transform((text): Written => ({ udp: text, tcp: text }))
  return z.union([short.pipe(whole), whole]) as unknown as z.ZodType<SyslogOptions>
}

function isOpenToOthers(text: string | undefined): boolean {
  // Text that is no address has been told of already.
  const address = parseListenAddress(text ?? '')
  return address !== undefined && !isLoopback(address.host)
}

function openToOthers(address: string): string {
  return `${address} can be reached from other machines: name those that may send, as in allow: [10.0.0.0/8], or listen on 127.0.0.1`
}

export const syslogSource: SourceType<SyslogOptions> = { type: 'syslog', section: 'syslog', options, open: openSyslog }

function openSyslog(syslogOptions: SyslogOptions, context: SourceContext): Promise<Source> {
  // A listener has one life, which goes on from hub to hub.
  const row = context.runs.open().at(-1) ?? context.runs.resume({})
  const peers = openPeers(syslogOptions.allow)
  const refused = new Set<string>()
  const push = (entries: Entry[]): Promise<void> => context.push({ run: row.run, pid: 0 }, entries)
  const tell = (severity: number, message: string): void =>
    void push([{ kind: 'event', severity, message }]).catch(() => undefined)

  function refuse(peer: string, why: string): void {
    const message = `${peer} ${why}, and is refused`
    if (refused.has(message) || refused.size >= mostRefused) return
    refused.add(message)
    tell(severities.WARNING, message)
  }

  function keep(protocol: 'udp' | 'tcp', address: ListenAddress): KeptListener {
    return keepListening({
      protocol,
      address,
      open: () => listeners[protocol]({ address, peers, push, refuse, now: context.now }),
      tell: (isGood, message) => tell(isGood ? severities.INFO : severities.ERROR, message),
      changed: context.changed,
    })
  }

  const kept = (['udp', 'tcp'] as const).flatMap((protocol) => {
    const address = syslogOptions[protocol]
    return address === undefined ? [] : [keep(protocol, parseListenAddress(address)!)]
  })

  return Promise.resolve({
    status: () => ({
      name: context.name,
      type: 'syslog',
      state: kept.some((one) => one.isOpen()) ? 'running' : 'stopped',
      run: row.run,
      startedAt: row.startedAt,
      restarts: 0,
      detail: kept.map((one) => one.detail()).join('; '),
    }),
    async close() {
      await Promise.all(kept.map((one) => one.close()))
    },
  })
}
