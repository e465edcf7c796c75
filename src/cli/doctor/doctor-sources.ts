// The doctor's look at what the configured sources need of the machine.
import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { SourceConfig } from '../../config/config.ts'
import type { LogboomError } from '../../contracts/errors.ts'
import { findEngine, type TlsFiles } from '../../docker/engine/engine-address.ts'
import { openEngine } from '../../docker/engine/engine-client.ts'
import { explainListenError } from '../../listen/keep-listening.ts'
import { parseListenAddress, type ListenAddress } from '../../listen/listen-address.ts'
import type { Finding } from './finding.ts'

/** `isServed`: a hub has the addresses already. */
export async function checkSources(sources: readonly SourceConfig[], isServed: boolean): Promise<Finding[]> {
  const findings: Finding[] = []
  if (sources.some(({ type }) => type === 'journald')) findings.push(checkJournalctl())
  for (const { type, name, options } of sources) if (type === 'docker') findings.push(await checkEngine(name, options))
  for (const { type, name, options } of isServed ? [] : sources) {
    if (type !== 'syslog') continue
    const { udp, tcp } = options as { udp?: string; tcp?: string }
    if (udp !== undefined) findings.push(await checkAddress(name, `udp ${udp}`, parseListenAddress(udp)!, bindUdp))
    if (tcp !== undefined) findings.push(await checkAddress(name, `tcp ${tcp}`, parseListenAddress(tcp)!, bindTcp))
  }
  return findings
}

async function checkEngine(what: string, options: unknown): Promise<Finding> {
  const { host, tls } = options as { host?: string; tls?: TlsFiles }
  try {
    const engine = openEngine(findEngine(host, tls))
    const { server, api } = await engine.ping()
    return { what, verdict: 'ok', text: `${engine.address} answers: ${server}, API ${api}` }
  } catch (error) {
    const { message, hint } = error as LogboomError
    return { what, verdict: 'fail', text: message, hint }
  }
}

function checkJournalctl(): Finding {
  const what = 'journalctl'
  try {
    const [first] = execFileSync('journalctl', ['--version'], { encoding: 'utf8' }).split('\n')
    return { what, verdict: 'ok', text: first! }
  } catch {
    const hint = 'It comes with systemd; without it the journal cannot be read.'
    return { what, verdict: 'fail', text: 'is not on this machine', hint }
  }
}

async function checkAddress(
  what: string,
  shown: string,
  address: ListenAddress,
  bind: (address: ListenAddress) => Promise<void>,
): Promise<Finding> {
  try {
    await bind(address)
    return { what, verdict: 'ok', text: `can listen on ${shown}` }
  } catch (error) {
    const text = `cannot listen on ${shown}: ${explainListenError(error as Error, address)}`
    return { what, verdict: 'fail', text, hint: 'Choose another address in the configuration.' }
  }
}

async function bindTcp({ host, port }: ListenAddress): Promise<void> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  server.close()
}

async function bindUdp({ host, port }: ListenAddress): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').bind(port, host)
  try {
    await once(socket, 'listening')
  } finally {
    socket.close()
  }
}
