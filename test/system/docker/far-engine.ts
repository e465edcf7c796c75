// Ways to an engine that is not on a socket of this machine: a certificate authority with certificates of both sides, and an ssh server
// of a test's own. Both live in a directory of the test's.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { findTool } from '../../../scripts/ensure-system.ts'
import { freePort } from '../../free-port.ts'
import { until } from '../../hub-process.ts'

export interface Certificates {
  /** Paths. */
  ca: string
  server: { cert: string; key: string }
  client: { cert: string; key: string }
}

/** Of a server on 127.0.0.1. */
export function makeCertificates(directory: string): Certificates {
  const place = (name: string): string => path.join(directory, name)
  const openssl = (...words: string[]): void => void execFileSync(findTool('openssl')!, words, { stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const [ca, caKey] = [place('ca.pem'), place('ca-key.pem')]
  openssl('req', '-x509', ...newKey, '-subj', '/CN=authority', '-keyout', caKey, '-out', ca)
  function signed(name: string, ...extensions: string[]): { cert: string; key: string } {
    const [cert, key] = [place(`${name}.pem`), place(`${name}-key.pem`)]
    const added = extensions.flatMap((extension) => ['-addext', extension])
    openssl('req', '-x509', '-CA', ca, '-CAkey', caKey, ...newKey, '-subj', `/CN=${name}`, ...added, '-keyout', key, '-out', cert) // prettier-ignore
    return { cert, key }
  }
  return {
    ca,
    server: signed('server', 'subjectAltName=IP:127.0.0.1', 'extendedKeyUsage=serverAuth'),
    client: signed('client', 'extendedKeyUsage=clientAuth'),
  }
}

export interface SshServer {
  port: number
  /** Directory with a command `ssh` that knows key and server, for the front of a PATH. */
  commands: string
  close(): Promise<void>
}

export async function openSshServer(directory: string): Promise<SshServer> {
  const place = (name: string): string => path.join(directory, name)
  for (const name of ['host-key', 'key'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', place(name)], { stdio: 'pipe' })
  execFileSync('cp', [place('key.pub'), place('authorized')])
  const port = await freePort()
  const settings = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${place('host-key')}`,
    `AuthorizedKeysFile ${place('authorized')}`,
    'PidFile none',
    // Of those that are not signed in yet; where nobody says otherwise sshd begins to turn away at 10.
    'MaxStartups 3:100:3',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
  ]
  writeFileSync(place('sshd_config'), `${settings.join('\n')}\n`)
  // Where it gives away its rights; the package makes it when the machine starts.
  mkdirSync('/run/sshd', { recursive: true })
  const server = spawn(findTool('sshd')!, ['-D', '-e', '-f', place('sshd_config')], { stdio: 'ignore' })
  const mine = ['UserKnownHostsFile /dev/null', 'StrictHostKeyChecking no', 'LogLevel ERROR']
  writeFileSync(place('ssh_config'), ['Host *', `IdentityFile ${place('key')}`, ...mine, ''].join('\n'))
  const commands = place('commands')
  mkdirSync(commands)
  writeFileSync(path.join(commands, 'ssh'), `#!/bin/sh\nexec ${findTool('ssh')!} -F ${place('ssh_config')} "$@"\n`)
  chmodSync(path.join(commands, 'ssh'), 0o755)
  await until('the ssh server', () => listens(port))
  return {
    port,
    commands,
    async close() {
      const ended = once(server, 'exit')
      server.kill()
      await ended
    },
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isThere = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return isThere
}
