// A connection to an engine on another machine through the system's own ssh, so that keys, agents and ~/.ssh/config are those that
// people have; as Docker's own command does it.
import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import type { ReadableWritablePair } from 'node:stream/web'
import type { EngineAddress } from './engine-address.ts'

/** The words of ssh stand in the error when the connection ends. */
export function openSshSocket({ destination, port, path }: Extract<EngineAddress, { kind: 'ssh' }>): Duplex {
  const options = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15', '-T', ...(port === undefined ? [] : ['-p', port])]
  const remote = ['docker', ...(path === undefined ? [] : ['--host', `unix://${path}`]), 'system', 'dial-stdio']
  const ssh = spawn('ssh', [...options, '--', destination, ...remote], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  ssh.stderr.on('data', (text) => (said = `${said}${String(text)}`.slice(-2000)))
  // Node takes streams of either kind; its types know of one.
  const pair = { readable: ssh.stdout, writable: ssh.stdin } as unknown as ReadableWritablePair
  const socket = Duplex.from(pair)
  ssh.once('error', (error) => socket.destroy(error))
  ssh.once('exit', (code) => {
    if (code !== 0 && !socket.destroyed) socket.destroy(new Error(`ssh: ${said.trim() || `ended with code ${code}`}`))
  })
  socket.once('close', () => ssh.kill())
  // Methods that an HTTP client asks of a socket.
  return Object.assign(socket, {
    setKeepAlive: () => socket,
    setNoDelay: () => socket,
    setTimeout: () => socket,
    ref: () => socket,
    unref: () => socket,
  })
}
