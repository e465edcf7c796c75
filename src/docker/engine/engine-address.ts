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
    return parseEngineAddress(named, tls ?? (verify ? certificatesIn(folder ?? dockerFolder(environment)) : undefined))
  const ofContext = contextHost(environment)
  if (ofContext !== undefined) return parseEngineAddress(ofContext, tls)
  return { kind: 'unix', path: usualSockets(environment).find(existsSync) ?? '/var/run/docker.sock' }
}

export function parseEngineAddress(text: string, tls?: TlsFiles): EngineAddress {
  if (text.startsWith('unix://')) return { kind: 'unix', path: text.slice('unix://'.length) }
  if (text.startsWith('/')) return { kind: 'unix', path: text }
  const url = URL.parse(text)
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? ''
  if (url && host !== '' && /^(tcp|https?):$/.test(url.protocol)) {
    const isSecure = tls !== undefined || url.protocol === 'https:'
    const port = Number(url.port || defaultPort(url.protocol, isSecure))
    return { kind: 'tcp', host, port, ...(isSecure && { tls: tls ?? {} }) }
  }
  // A destination that begins with a dash would be an option of ssh.
  if (url && /^[\w.:[\]-]+$/.test(url.hostname) && !host.startsWith('-') && url.protocol === 'ssh:') {
    const user = decodeURIComponent(url.username)
    if (user.startsWith('-')) throw unknownAddress(text)
    return {
      kind: 'ssh',
      destination: user === '' ? host : `${user}@${host}`,
      ...(url.port !== '' && { port: url.port }),
      ...(url.pathname.length > 1 && { path: url.pathname }),
    }
  }
  throw unknownAddress(text)
}

/** For people. */
export function formatEngineAddress(address: EngineAddress): string {
  if (address.kind === 'unix') return address.path
  if (address.kind === 'tcp') return `${address.tls ? 'https' : 'http'}://${address.host}:${address.port}`
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

const dockerFolder = ({ DOCKER_CONFIG: own }: Environment): string => own ?? join(homedir(), '.docker')

function certificatesIn(folder: string): TlsFiles {
  return { ca: join(folder, 'ca.pem'), cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
}

/** The host of the context that Docker's command would use, where one is chosen. */
function contextHost(environment: Environment): string | undefined {
  const folder = dockerFolder(environment)
  const name =
    environment['DOCKER_CONTEXT'] ?? readJson<{ currentContext?: string }>(join(folder, 'config.json'))?.currentContext
  if (name === undefined || name === '' || name === 'default') return undefined
  const id = createHash('sha256').update(name).digest('hex')
  const meta = readJson<{ Endpoints?: { docker?: { Host?: string } } }>(
    join(folder, 'contexts', 'meta', id, 'meta.json'),
  )
  return meta?.Endpoints?.docker?.Host
}

function readJson<Value>(file: string): Value | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Value
  } catch {
    // A missing file, or a broken one, chooses nothing.
    return undefined
  }
}
