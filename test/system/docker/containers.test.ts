// Containers from outside, with a real engine: every line of theirs is there once, whatever they print and whatever becomes of them,
// the hub and the engine.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireTool } from '../../../scripts/ensure-system.ts'
import { startHub, until, type HubProcess } from '../../hub-process.ts'
import { agrees, hadBy, isIn } from './container-oracle.ts'
import { openDaemon, type Daemon } from './open-daemon.ts'

describe('containers', requireTool('dockerd', 'docker', 'busybox'), () => {
  let daemon: Daemon
  let hub: HubProcess
  before(async () => {
    daemon = await openDaemon()
    const joinLines = { waitMs: 2000 }
    hub = await startHub({ docker: { engine: { host: daemon.socket, exclude: 'left-*' } }, stages: { joinLines } })
  })
  after(async () => {
    await hub?.close()
    await daemon?.close()
  })

  describe('that come and go', { concurrency: 3 }, () => {
    test('both streams, Unicode, colours, and a last line without an end', async () => {
      await daemon.run(
        'plain',
        `for i in 1 2 3; do echo "out $i ✓ 🎉"; echo "err $i" >&2; done; printf '\\033[31mred\\033[0m\\n'; echo; printf end`,
      )
      await isIn(hub, 'plain', 'exited')
      const { told, records } = await agrees(hub, daemon, 'plain')
      assert.deepEqual(told, ['started', 'exited with code 0'])
      const [first] = records.filter(({ message }) => message.startsWith('out 1'))
      assert.equal(Number.isInteger(first!.time), false, 'more than milliseconds are known')
      assert.ok(Math.abs(first!.time - Date.now()) < 60_000)
    })

    test('lines at the length of the engine’s pieces, and far beyond it', async () => {
      const line = (bytes: number): string => `head -c ${bytes} /dev/zero | tr '\\0' x; echo`
      await daemon.run('long', `${[16_383, 16_384, 16_385, 32_768, 5_000_000].map(line).join('; ')}; echo last`)
      await isIn(hub, 'long', 'exited')
      const { stdout } = await agrees(hub, daemon, 'long')
      assert.deepEqual(
        stdout.map(({ length }) => length),
        [16_383, 16_384, 16_385, 32_768, 5_000_000, 4],
      )
    })

    test('a terminal: one stream, no carriage returns, long lines whole', async () => {
      const line = (bytes: number): string => `head -c ${bytes} /dev/zero | tr '\\0' y; echo`
      await daemon.run(
        'tty',
        `echo one; echo two >&2; ${[16_383, 16_384, 16_385, 40_000].map(line).join('; ')}; printf end`,
        '-t',
      )
      await isIn(hub, 'tty', 'exited')
      await until('all of it', async () => (await hadBy(hub, 'tty')).stdout.length === 7)
      const { stdout } = await hadBy(hub, 'tty')
      assert.deepEqual(
        stdout.map((text) => (text.length > 5 ? text.length : text)),
        ['one', 'two', 16_383, 16_384, 16_385, 40_000, 'end'],
      )
    })

    test('a stack trace is one record, also where it is printed line by line', async () => {
      const trace = [
        'Traceback (most recent call last):',
        '  File "app.py", line 3, in <module>',
        '    main()',
        '  File "app.py", line 2, in main',
        '    raise ValueError("no")',
        'ValueError: no',
      ]
      const print = trace.map((line) => `echo '${line}' >&2; sleep 0.01`).join('; ')
      await daemon.run('traces', `echo before; ${print}; echo after; ${print}`)
      await until('its end', async () => (await hadBy(hub, 'traces')).told.includes('exited with code 0'))
      const { stdout, stderr, records } = await hadBy(hub, 'traces')
      assert.deepEqual(stderr, [trace.join('\n'), trace.join('\n')])
      assert.deepEqual(stdout, ['before', 'after'])
      assert.equal(records.find(({ stream }) => stream === 'stderr')?.severity, 17)
    })

    test('a restart is a new run; a failure, a removal and a new container of the name are told', async () => {
      await daemon.run('lives', 'echo born; trap "echo dying; exit 3" TERM; while true; do sleep 0.05; done')
      await until('its line', async () => (await hadBy(hub, 'lives')).stdout.length === 1)
      await daemon.docker('restart', 'lives')
      await until('its new life', async () => (await hadBy(hub, 'lives')).stdout.length === 3)
      await daemon.docker('rm', '-f', 'lives')
      await daemon.run('lives', 'echo again')
      await until('the other', async () => (await hadBy(hub, 'lives')).told.at(-1) === 'exited with code 0')
      const { records, told } = await hadBy(hub, 'lives')
      assert.deepEqual(told, [
        'started',
        'exited with code 3',
        'started',
        'exited with code 137',
        'removed',
        'started',
        'exited with code 0',
      ])
      assert.deepEqual(
        records.filter(({ stream }) => stream === 'stdout').map(({ run, message }) => [run, message]),
        [
          [1, 'born'],
          [1, 'dying'],
          [2, 'born'],
          [3, 'again'],
        ],
      )
    })

    test('labels give names and groups and leave out; patterns leave out', async () => {
      await daemon.run('c1', 'echo one', '--label=logboom.name=shop api', '--label=logboom.group=shop')
      await daemon.run('c2', 'echo two', '--label=logboom.enable=false')
      await daemon.run('left-out', 'echo three')
      await daemon.run('left-in', 'echo four', '--label=logboom.enable=true', '--label=com.docker.compose.project=blog')
      await until(
        'both',
        async () => (await hadBy(hub, 'shop api')).stdout.length + (await hadBy(hub, 'left-in')).stdout.length === 2,
      )
      const sources = await hub.client.sources()
      assert.deepEqual(
        ['shop api', 'left-in', 'c1', 'c2', 'left-out'].map(
          (name) => sources.find((each) => each.name === name)?.group ?? name,
        ),
        ['shop', 'blog', 'c1', 'c2', 'left-out'],
      )
      assert.ok(!sources.some(({ name }) => ['c1', 'c2', 'left-out'].includes(name)))
    })

    test('containers that live for a moment only', async () => {
      for (let i = 0; i < 3; i++) await daemon.run(`brief-${i}`, `echo brief ${i}; echo no >&2`, '--rm')
      for (let i = 0; i < 3; i++)
        await until(`brief ${i}`, async () => {
          const { stdout, stderr, told } = await hadBy(hub, `brief-${i}`)
          // On a busy machine it may be gone before anybody can ask, which its source says.
          const isThere = stdout.length === 1 && stderr.length === 1
          return told.at(-1) === 'removed' && (isThere || told.some((text) => text.includes('missing')))
        })
    })
  })

  test('the hub is killed again and again, and the engine, too', async () => {
    await daemon.run(
      'steady',
      'i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo line $i; echo error $i >&2; sleep 0.02; done',
    )
    await until('its first lines', async () => (await hadBy(hub, 'steady')).stdout.length > 20)
    for (let i = 0; i < 3; i++) {
      await hub.kill()
      await sleep(300)
      await hub.start()
      await sleep(300)
    }
    await daemon.kill()
    await sleep(500)
    await daemon.start()
    await isIn(hub, 'steady', 'exited')
    const { told } = await agrees(hub, daemon, 'steady')
    assert.deepEqual(told, ['started', 'exited with code 0'])
  })

  test('a container that is replaced while no hub is there has ended', async () => {
    await daemon.run('replaced', 'echo first; sleep 1000')
    await until('its line', async () => (await hadBy(hub, 'replaced')).stdout.length === 1)
    await hub.kill()
    await daemon.docker('rm', '-f', 'replaced')
    await daemon.run('replaced', 'echo second')
    await hub.start()
    await until('the end of both', async () => {
      const { records } = await hadBy(hub, 'replaced')
      const ends = records.filter(({ kind, message }) => kind === 'event' && /^(exited|removed)/.test(message))
      return ends.some(({ run }) => run === 1) && ends.some(({ run }) => run === 2)
    })
    const { stdout, told } = await hadBy(hub, 'replaced')
    assert.deepEqual(stdout, ['first', 'second'])
    assert.ok(told.includes('removed'))
    const { runs } = await hub.client.runs({ source: 'replaced' })
    assert.deepEqual(
      runs.map(({ endedAt }) => endedAt !== null && endedAt !== undefined),
      [true, true],
    )
  })

  test('an engine that is stopped is told of, and read on when it goes on', async () => {
    await daemon.run('stall', 'i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo line $i; sleep 0.02; done')
    await until('its first lines', async () => (await hadBy(hub, 'stall')).stdout.length > 20)
    process.kill(daemon.pid, 'SIGSTOP')
    await until(
      'that it is told',
      async () => (await hadBy(hub, 'engine')).told.some((text) => text.includes('does not answer')),
      40_000,
    )
    await isIn(hub, 'engine', 'stopped')
    process.kill(daemon.pid, 'SIGCONT')
    await isIn(hub, 'engine', 'running')
    await daemon.docker('kill', 'stall')
    await isIn(hub, 'stall', 'stopped')
    await agrees(hub, daemon, 'stall')
  })
})
