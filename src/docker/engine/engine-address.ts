// Addresses of container engines: as people write them, as Docker's own command has them in the environment and its contexts, or
// where engines usually listen.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { LogboomError } from '../../contracts/errors.ts'

export interface TlsFiles {
  /** Paths of PEM files. */
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
}

export type EngineAddress =
  | { kind: 'unix'; path: string }
  | { kind: 'tcp'; host: string; port: number; tls?: TlsFiles }
  | { kind: 'ssh'; destination: string; port?: string; path?: string }

type Environment = Readonly<Record<string, string | undefined>>

/** The engine that the configuration names, or else that of Docker's own command. Throws `config-invalid`. */
export function findEngine(
  written: string | undefined,
  tls: TlsFiles | undefined,
  environment: Environment = process.env,
): EngineAddress {
  if (written !== undefined) return parseEngineAddress(written, tls)
  const { DOCKER_HOST: named, DOCKER_TLS_VERIFY: verify, DOCKER_CERT_PATH: folder } = environment
  if (named)
    return parseEngineAddress(named, tls ?? (verify ? certificatesIn(folder || dockerFolder(environment)) : undefined))
  const context = chosenContext(environment)
  if (context) return parseEngineAddress(context.host, tls ?? context.tls)
  return { kind: 'unix', path: usualSockets(environment).find(existsSync) ?? '/var/run/docker.sock' }
}

export function parseEngineAddress(text: string, tls?: TlsFiles): EngineAddress {
  const path = text.replace(/^unix:\/\//, '')
  if (path.startsWith('/')) return { kind: 'unix', path }
  const url = URL.parse(text)
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? ''
  if (url && host !== '' && /^(tcp|https?):$/.test(url.protocol)) {
    const isSecure = tls !== undefined || url.protocol === 'https:'
    const port = Number(url.port || defaultPort(url.protocol, isSecure))
    return { kind: 'tcp', host, port, ...(isSecure && { tls: tls ?? {} }) }
  }
  // A destination that begins with a dash would be an option of ssh.
  if (url && /^[\w.:[\]-]+$/.test(url.hostname) && !host.startsWith('-') && url.protocol === 'ssh:') {
    const user = decoded(url.username)
    if (user === undefined || user.startsWith('-')) throw unknownAddress(text)
    return {
      kind: 'ssh',
      destination: user === '' ? host : `${user}@${host}`,
      ...(url.port !== '' && { port: url.port }),
      ...(url.pathname.length > 1 && { path: url.pathname }),
    }
  }
  throw unknownAddress(text)
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** For people. */
export function formatEngineAddress(address: EngineAddress): string {
  if (address.kind === 'unix') return address.path
  if (address.kind === 'tcp') {
    const host = address.host.includes(':') ? `[${address.host}]` : address.host
    return `${address.tls ? 'https' : 'http'}://${host}:${address.port}`
  }
  return `ssh://${address.destination}${address.port === undefined ? '' : `:${address.port}`}${address.path ?? ''}`
}

function unknownAddress(text: string): LogboomError {
  return new LogboomError('config-invalid', `${JSON.stringify(text)} is no address of a container engine`, {
    hint: 'Right would be unix:///var/run/docker.sock, tcp://10.0.0.5:2376 or ssh://user@host.',
  })
}

function defaultPort(protocol: string, isSecure: boolean): number {
  if (protocol === 'http:') return 80
  if (protocol === 'https:') return 443
  return isSecure ? 2376 : 2375
}

function usualSockets({ XDG_RUNTIME_DIR: own }: Environment): string[] {
  return [
    '/var/run/docker.sock',
    ...(own ? [join(own, 'docker.sock')] : []),
    '/run/podman/podman.sock',
    ...(own ? [join(own, 'podman', 'podman.sock')] : []),
  ]
}

const dockerFolder = ({ DOCKER_CONFIG: own }: Environment): string => own || join(homedir(), '.docker')

function certificatesIn(folder: string): Record<'ca' | 'cert' | 'key', string> {
  return { ca: join(folder, 'ca.pem'), cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
}

/** The context that Docker's command would use, where one is chosen. */
function chosenContext(environment: Environment): { host: string; tls?: TlsFiles } | undefined {
  const folder = dockerFolder(environment)
  const name =
    environment['DOCKER_CONTEXT'] || readJson<{ currentContext?: string }>(join(folder, 'config.json'))?.currentContext
  if (name === undefined || name === '' || name === 'default') return undefined
  const id = createHash('sha256').update(name).digest('hex')
  const meta = readJson<{ Endpoints?: { docker?: { Host?: string } } }>(
    join(folder, 'contexts', 'meta', id, 'meta.json'),
  )
  const host = meta?.Endpoints?.docker?.Host
  if (host === undefined) return undefined
  const files = Object.entries(certificatesIn(join(folder, 'contexts', 'tls', id, 'docker')))
  const there = files.filter(([, file]) => existsSync(file))
  return { host, ...(there.length > 0 && { tls: Object.fromEntries(there) }) }
}

function readJson<Value>(file: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Value
  } catch {
    // A missing file, or a broken one, chooses nothing.
    return undefined
  }
}
