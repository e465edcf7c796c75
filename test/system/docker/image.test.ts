// Logboom's own image, run by a real engine: not as root, healthy when it serves, reading the containers beside it and not itself, and
// going on where it stopped.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { findTool, requireTool } from '../../../scripts/ensure-system.ts'
import { connect, type Client } from '../../../src/client/index.ts'
import { freePort } from '../../free-port.ts'
import { until } from '../../hub-process.ts'
import { buildImage } from './build-image.ts'
import { openDaemon, type Daemon } from './open-daemon.ts'

describe('the image', requireTool('dockerd', 'docker', 'busybox'), () => {
  let daemon: Daemon
  let image: string
  let port: number
  let client: Client
  before(async () => {
    daemon = await openDaemon({ inMemory: true })
    image = await buildImage(daemon)
    port = await freePort()
    client = connect(`http://127.0.0.1:${port}`)
  })
  after(() => daemon?.close())

  const socketOptions = (): string[] => {
    const mount = `--volume=${daemon.socket}:/var/run/docker.sock:ro`
    return [mount, `--group-add=${statSync(daemon.socket).gid}`]
  }
  /** On the network of this machine, at its loopback address alone. */
  const runHub = (): Promise<string> =>
    daemon.docker(
      'run',
      '--detach',
      '--name=hub',
      '--network=host',
      '--volume=state:/var/lib/logboom',
      '--health-interval=500ms',
      ...socketOptions(),
      image,
      'up',
      '--no-attach',
      '--port',
      String(port),
    )
  const inspect = async (name: string, what: string): Promise<string> =>
    (await daemon.docker('inspect', `--format={{${what}}}`, name)).trim()
  const isHealthy = (name: string): Promise<true> =>
    until(`${name} is healthy`, async () => (await inspect(name, '.State.Health.Status')) === 'healthy')
  const lines = async (): Promise<string[]> => {
    const { records } = await client.search({ query: 'source:chatty kind:system', order: 'oldest', limit: 1000 })
    return records.map(({ message }) => message)
  }
  const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `n=${index + 1}`)

  test('a hub is healthy when it serves, and is not root', async () => {
    await runHub()
    await isHealthy('hub')
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`)
    assert.deepEqual([answer.status, await answer.json()], [200, { ok: true }])
    assert.equal((await daemon.docker('exec', 'hub', 'id', '-u')).trim(), '1000')
    assert.match(await daemon.docker('exec', 'hub', 'logboom', 'ps'), /127\.0\.0\.1/)
  })

  test('it reads the containers beside it, and not itself', async () => {
    await daemon.run('chatty', 'for n in $(seq 100); do echo "n=$n"; done; sleep 1000')
    await until('its lines', async () => (await lines()).length >= 100)
    assert.deepEqual(await lines(), numbered(100))
    assert.deepEqual(
      (await client.sources()).map(({ name }) => name).filter((name) => name === 'hub' || name === 'chatty'),
      ['chatty'],
    )
    const { records } = await client.search({ query: 'Dashboard AND kind:system' })
    assert.deepEqual(records, [], 'nothing of its console')
  })

  test('stopped, it ends in order; the next one goes on where it was', async () => {
    await daemon.docker('stop', '--time=30', 'hub')
    assert.equal(await inspect('hub', '.State.ExitCode'), '143')
    await daemon.docker('rm', 'hub')
    await daemon.docker('exec', 'chatty', 'sh', '-c', 'for n in 101 102 103; do echo "n=$n" > /proc/1/fd/1; done')
    await runHub()
    await isHealthy('hub')
    await until('the later lines', async () => (await lines()).length >= 103)
    assert.deepEqual(await lines(), numbered(103))
    await daemon.docker('rm', '--force', 'hub')
  })

  test('as it is, it serves others, and therefore wants a user first', async () => {
    const run = (...words: string[]): string[] => [
      'run',
      '--network=none',
      '--volume=exposed:/var/lib/logboom',
      ...words,
    ]
    await assert.rejects(daemon.docker(...run('--rm', image)), /logboom user add/)
    const words = run('--rm', '--interactive', image, 'user', 'add', 'ada', '--role', 'admin', '--password-stdin')
    execFileSync(findTool('docker')!, ['--host', `unix://${daemon.socket}`, ...words], {
      input: 'correct horse battery\n',
    })
    await daemon.docker(...run('--detach', '--name=exposed', '--health-interval=500ms', image))
    await isHealthy('exposed')
  })
})
