// Options of an agent: flags, environment and configuration, completed and checked.
import { hostname } from 'node:os'
import { LogboomError } from '../contracts/errors.ts'
import { hostNameForm } from '../contracts/hosts/host.ts'
import type { SpoolOptions } from '../contracts/hosts/spool.ts'
import { isLoopback } from '../system/loopback.ts'

export interface AgentOptions {
  /** Of the hub. */
  url: string
  token?: string
  /** Of this host, as the hub calls it. */
  name: string
  /** Processes may be started and stopped from the hub. */
  control: boolean
  spool: SpoolOptions
}

export interface GivenOptions {
  hub?: string | undefined
  token?: string | undefined
  name?: string | undefined
  control?: boolean | undefined
  insecure?: boolean | undefined
  spoolBytes?: number | undefined
  whenFull?: SpoolOptions['whenFull'] | undefined
}

const defaultSpoolBytes = 1024 * 1024 * 1024

/** Throws `request-invalid`. */
export function completeOptions(given: GivenOptions): AgentOptions {
  const { hub, token, name = hostname(), control = false, insecure = false } = given
  if (hub === undefined)
    throw invalid(
      'no hub is named',
      'Say where it is: --hub https://logs.example.org, LOGBOOM_URL, or `agent.hub` in the configuration.',
    )
  const url = URL.parse(hub)
  if (!url || !/^https?:$/.test(url.protocol))
    throw invalid(
      `${JSON.stringify(hub)} is no address of a hub`,
      'Such as https://logs.example.org or http://127.0.0.1:7420.',
    )
  if (url.protocol === 'http:' && !insecure && !isLoopback(url.hostname.replace(/^\[|\]$/g, '')))
    throw invalid(
      `plain HTTP to ${url.hostname} would show everybody on the way the lines and the token`,
      'Use https://, a tunnel (ssh -L 7420:127.0.0.1:7420), or --insecure where the network is your own.',
    )
  if (!hostNameForm.test(name))
    throw invalid(
      `${JSON.stringify(name)} is no name of a host`,
      'Letters, digits and . _ -, at most 63, a letter or digit first: --name NAME.',
    )
  return {
    url: hub.replace(/\/+$/, ''),
    ...(token === undefined ? {} : { token }),
    name,
    control,
    spool: { limitBytes: given.spoolBytes ?? defaultSpoolBytes, whenFull: given.whenFull ?? 'block' },
  }
}

const invalid = (message: string, hint: string): LogboomError => new LogboomError('request-invalid', message, { hint })
