// A connection to an engine on another machine through the system's own ssh, so that keys, agents and ~/.ssh/config are those that
// people have; as Docker's own command does it.
import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import type { EngineAddress } from './engine-address.ts'

/** The words of ssh stand in the error when the connection ends. */
export function openSshSocket({ destination, port, path }: Extract<EngineAddress, { kind: 'ssh' }>): Duplex {
  const options = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15', '-T', ...(port === undefined ? [] : ['-p', port])]
  const engine = path === undefined ? [] : ['--host', quoted(`unix://${path}`)]
  const ssh = spawn('ssh', [...options, '--', destination, 'docker', ...engine, 'system', 'dial-stdio'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const { stdin, stdout, stderr } = ssh
  let said = ''
  stderr.on('data', (text) => (said = `${said}${String(text)}`.slice(-2000)))
  // The end of ssh says more than a pipe that is broken.
  stdin.on('error', () => undefined)
  const socket = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk, _encoding, done) => void stdin.write(chunk, () => done()),
    final: (done) => void stdin.end(() => done()),
    destroy(error, done) {
      ssh.kill()
      done(error)
    },
  })
  stdout.on('data', (chunk) => {
    if (!socket.push(chunk)) stdout.pause()
  })
  ssh.once('error', (error) => socket.destroy(error))
  ssh.once('close', (code) => {
    if (code === 0) socket.push(null)
    else socket.destroy(new Error(`ssh: ${said.trim() || `ended with code ${code}`}`))
  })
  // Methods that an HTTP client asks of a socket.
  return Object.assign(socket, {
    setKeepAlive: () => socket,
    setNoDelay: () => socket,
    setTimeout: () => socket,
    ref: () => socket,
    unref: () => socket,
  })
}

/** A shell on the other machine reads the words. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}
