// Engines that are reached over TCP, over TLS with certificates of both sides, and through ssh.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { requireTool } from '../../../scripts/ensure-system.ts'
import { prepareHub, until, type HubProcess } from '../../hub-process.ts'
import { agrees, hadBy, isIn } from './container-oracle.ts'
import { openCuttingProxy, type CuttingProxy } from './cutting-proxy.ts'
import { freePort } from '../../free-port.ts'
import { makeCertificates, openSshServer, type SshServer } from './far-engine.ts'
import { openDaemon, type Daemon } from './open-daemon.ts'

const tools = ['dockerd', 'docker', 'busybox', 'openssl', 'sshd', 'ssh'] as const

describe('ways to an engine', requireTool(...tools), () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-ways-'))
  let daemon: Daemon
  let hub: HubProcess
  let proxy: CuttingProxy
  let ssh: SshServer
  before(async () => {
    const { ca, server, client } = makeCertificates(directory)
    const [open, secure, closed] = [await freePort(), await freePort(), await freePort()]
    const files = [`--tlscacert=${ca}`, `--tlscert=${server.cert}`, `--tlskey=${server.key}`]
    daemon = await openDaemon({ more: ['--tlsverify', ...files, `--host=tcp://127.0.0.1:${secure}`] })
    proxy = await openCuttingProxy({ port: open, host: '127.0.0.1' }, daemon.socket)
    ssh = await openSshServer(directory)
    const engines = {
      tcp: { host: `tcp://127.0.0.1:${open}`, containers: ['by-tcp'] },
      tls: { host: `tcp://127.0.0.1:${secure}`, tls: { ca, ...client }, containers: ['by-tls'] },
      ssh: { host: `ssh://root@127.0.0.1:${ssh.port}${daemon.socket}`, containers: ['by-ssh*'] },
      'without-key': { host: `tcp://127.0.0.1:${secure}`, tls: { ca } },
      'without-authority': { host: `tcp://127.0.0.1:${secure}`, tls: client },
      'without-server': { host: `ssh://root@127.0.0.1:${closed}` },
      'without-engine': { host: `ssh://root@127.0.0.1:${ssh.port}/nowhere's.sock` },
    }
    const environment = { PATH: `${ssh.commands}:${process.env['PATH']}` }
    hub = prepareHub({ docker: engines }, () => ({ environment }))
    await hub.start()
  })
  after(async () => {
    await hub?.close()
    await ssh?.close()
    await proxy?.close()
    await daemon?.close()
    rmSync(directory, { recursive: true })
  })

  for (const way of ['tcp', 'tls', 'ssh'])
    test(way, async () => {
      await isIn(hub, way, 'running')
      const name = `by-${way}`
      await daemon.run(name, 'for i in $(seq 1 500); do echo line $i; echo error $i >&2; done; sleep 0.5; echo end')
      await isIn(hub, name, 'exited')
      await agrees(hub, daemon, name)
    })

  test('more containers at once than an ssh server lets in at once', async () => {
    const names = Array.from({ length: 6 }, (_, i) => `by-ssh-${i}`)
    await Promise.all(names.map((name) => daemon.run(name, 'echo one; echo two >&2; sleep 1; echo three')))
    for (const name of names) {
      await isIn(hub, name, 'exited')
      await agrees(hub, daemon, name)
    }
  })

  test('why an engine cannot be reached is told', async () => {
    for (const [name, why] of [
      ['without-key', /certificate/],
      ['without-authority', /certificate/],
      ['without-server', /ssh: .*Connection refused/],
      ['without-engine', /ssh: .*nowhere's\.sock/],
    ] as const) {
      const [first] = await until(name, async () => {
        const { told } = await hadBy(hub, name)
        return told.length > 0 && told
      })
      assert.match(first!, why)
      await isIn(hub, name, 'stopped')
    }
  })
})
