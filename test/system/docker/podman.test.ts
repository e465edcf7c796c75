// Podman through its socket, which is compatible with Docker's but for times of whole seconds.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireTool } from '../../../scripts/ensure-system.ts'
import { startHub, until, type HubProcess } from '../../hub-process.ts'
import { hadBy, isIn } from './container-oracle.ts'
import { openPodman, type Podman } from './open-podman.ts'

const numbered = (word: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${word} ${i + 1}`)

describe('Podman', requireTool('podman', 'runc', 'busybox'), () => {
  let podman: Podman
  let hub: HubProcess
  before(async () => {
    podman = await openPodman()
    hub = await startHub({ docker: { engine: { host: podman.socket } } })
    await isIn(hub, 'engine', 'running')
  })
  after(async () => {
    await hub?.close()
    await podman?.close()
  })

  test('each line once and in the order of its stream, the same text within a second, too', async () => {
    await podman.run('plain', 'for i in 1 2 3 4 5; do echo same; echo bad >&2; done; seq 1 2000; sleep 2; printf end')
    await until('its end', async () => (await hadBy(hub, 'plain')).told.includes('exited with code 0'))
    const { stdout, stderr, told } = await hadBy(hub, 'plain')
    assert.deepEqual(stdout, [...Array(5).fill('same'), ...numbered('', 2000).map((text) => text.trim()), 'end'])
    assert.deepEqual(stderr, Array(5).fill('bad'))
    assert.deepEqual(told, ['started', 'exited with code 0'])
  })

  test('the hub is killed again and again', async () => {
    await podman.run(
      'steady',
      'i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo line $i; echo error $i >&2; sleep 0.01; done; exit 3',
    )
    await until('its first lines', async () => (await hadBy(hub, 'steady')).stdout.length > 20)
    for (let i = 0; i < 2; i++) {
      await hub.kill()
      await sleep(300)
      await hub.start()
    }
    await until('its end', async () => (await hadBy(hub, 'steady')).told.includes('exited with code 3'))
    const { stdout, stderr, told } = await hadBy(hub, 'steady')
    assert.deepEqual(stdout, numbered('line', 300))
    assert.deepEqual(stderr, numbered('error', 300))
    assert.deepEqual(told, ['started', 'exited with code 3'])
  })

  test('a restart is a new run, and a removal is told', async () => {
    await podman.run('lives', 'echo born; while true; do sleep 0.05; done')
    await until('its line', async () => (await hadBy(hub, 'lives')).stdout.length === 1)
    await podman.podman('restart', '-t', '0', 'lives')
    await until('its new life', async () => (await hadBy(hub, 'lives')).stdout.length === 2)
    await podman.podman('rm', '-f', '-t', '0', 'lives')
    await until('its end', async () => (await hadBy(hub, 'lives')).told.at(-1) === 'removed')
    const { records } = await hadBy(hub, 'lives')
    assert.deepEqual(new Set(records.map(({ run }) => run)), new Set([1, 2]))
  })
})
