// What engines do to those who follow their logs: rotation, broken connections, lines of one nanosecond. Held against what the engine
// itself has in the end.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireTool } from '../../../scripts/ensure-system.ts'
import { startHub, type HubProcess } from '../../hub-process.ts'
import { agrees, hadBy, hasEnded, isIn } from './container-oracle.ts'
import { openCuttingProxy, type CuttingProxy } from './cutting-proxy.ts'
import { openDaemon, type Daemon } from './open-daemon.ts'

const rotated = (size: string, files: number): string[] => [
  '--log-driver=json-file',
  `--log-opt=max-size=${size}`,
  `--log-opt=max-file=${files}`,
]

describe('faults of engines', requireTool('dockerd', 'docker', 'busybox'), () => {
  let daemon: Daemon
  let proxy: CuttingProxy
  let hub: HubProcess
  before(async () => {
    daemon = await openDaemon()
    const way = path.join(path.dirname(daemon.socket), 'way.sock')
    proxy = await openCuttingProxy(way, daemon.socket)
    hub = await startHub({ docker: { engine: { host: way } } })
  })
  after(async () => {
    await hub?.close()
    await proxy?.close()
    await daemon?.close()
  })

  /** Nothing twice, all that the engine still has, and where something is missing somebody says so. */
  async function holds(name: string, printed: number, mayBeSilent = false): Promise<string[]> {
    await hasEnded(hub, name)
    const left = (await daemon.logs(name)).stdout
    const { stdout, told } = await hadBy(hub, name)
    const had = new Set(stdout)
    assert.equal(had.size, stdout.length, 'nothing twice')
    assert.deepEqual(
      left.filter((line) => !had.has(line)),
      [],
      'all that the engine has',
    )
    const isTold = told.some((text) => text.includes('missing'))
    assert.ok(
      stdout.length === printed || isTold || mayBeSilent,
      `${printed - stdout.length} of ${printed} are missing, and nobody says so`,
    )
    return stdout
  }

  describe('rotation', { concurrency: 3 }, () => {
    for (const files of [1, 2, 5]) {
      test(`a log of ${files} × 1 KB is rotated under the follow`, async () => {
        const name = `turning-${files}`
        await daemon.run(
          name,
          'i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo line $i; sleep 0.01; done',
          ...rotated('1k', files),
        )
        const lines = await holds(name, 200)
        if (files > 1) assert.ok(lines.length > 150, `${lines.length} of 200`)
      })

      test(`a log of ${files} × 1 KB is rotated faster than anybody can read`, async () => {
        const name = `racing-${files}`
        await daemon.run(name, 'seq 1 20000', ...rotated('1k', files))
        // Of a single file that was emptied nobody knows what was in it.
        await holds(name, 20_000, files === 1)
      })
    }

    test('a fast writer and a log that holds all of it: nothing is missing', async () => {
      await daemon.run(
        'fast',
        'for i in 1 2 3 4 5 6; do seq $((i * 100000)) $((i * 100000 + 9999)); sleep 0.3; done',
        ...rotated('1m', 20),
      )
      assert.equal((await holds('fast', 60_000)).length, 60_000)
    })
  })

  test('lines of several pieces, between which the log is rotated, are whole', async () => {
    const script = 'i=100; while [ $i -lt 140 ]; do i=$((i+1)); printf $i:; seq -s, 1000$i 10 1050000 | head -c 39000; echo :$i; sleep 0.05; done' // prettier-ignore
    await daemon.run('pieces', script, ...rotated('100k', 50))
    const lines = await holds('pieces', 40)
    assert.equal(lines.length, 40)
    for (const line of lines) assert.match(line, /^(\d+):1000\1,[\d,]{38992}:\1$/)
  })

  test('the connection breaks again and again', async () => {
    await daemon.run(
      'cut',
      'i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo line $i; echo error $i >&2; sleep 0.01; done',
    )
    let cuts = 0
    while ((await daemon.docker('inspect', '-f', '{{.State.Running}}', 'cut')).startsWith('true')) {
      await sleep(50 + Math.random() * 200)
      cuts += proxy.cut()
    }
    assert.ok(cuts > 5, `${cuts} connections were cut`)
    await isIn(hub, 'cut', 'exited')
    await agrees(hub, daemon, 'cut')
  })

  test('lines of the same nanosecond, on both streams, over kills of the hub', async (t) => {
    await daemon.run('same', 'true', '--label=logboom.name=kept')
    await isIn(hub, 'kept', 'exited')
    const file = (await daemon.docker('inspect', '-f', '{{.LogPath}}', 'same')).trim()
    const time = new Date().toISOString().replace('Z', '123456Z')
    const line = (text: string, stream: string): string => `${JSON.stringify({ log: `${text}\n`, stream, time })}\n`
    const all = ['one', 'two', 'two', 'three'].flatMap((text) => [line(text, 'stdout'), line(`bad ${text}`, 'stderr')])
    writeFileSync(file, all.join(''))
    const reader = await startHub({ docker: { engine: { host: daemon.socket, containers: ['same'] } } })
    t.after(() => reader.close())
    for (let i = 0; i < 2; i++) {
      await agrees(reader, daemon, 'same', 'kept')
      await reader.kill()
      await reader.start()
    }
    const { stdout } = await agrees(reader, daemon, 'same', 'kept')
    assert.deepEqual(stdout, ['one', 'two', 'two', 'three'])
  })

  test('an engine that keeps no lines, and one that keeps them in its own format', async () => {
    await daemon.run('mute', 'echo unheard; sleep 0.2', '--log-driver=none')
    await daemon.run('local', `seq 1 3000; echo no >&2; printf 'caf\\351\\nend'`, '--log-driver=local')
    await isIn(hub, 'mute', 'exited')
    await isIn(hub, 'local', 'exited')
    const { records } = await agrees(hub, daemon, 'local')
    // Docker's own format keeps no bytes that are no text; this one does.
    assert.equal(records.find(({ message }) => message === 'caf\ufffd')?.fields?.['logboom.bytes'], 'Y2Fm6Q==')
    const { told } = await hadBy(hub, 'mute')
    assert.deepEqual(told, ['started', 'exited with code 0'])
    assert.match((await hub.client.sources()).find(({ name }) => name === 'mute')!.detail!, /"none" keeps no lines/)
  })
})
