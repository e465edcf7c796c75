import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openService } from './open-service.ts'

/** In place of systemd's command one that writes down what it was told; `heard` gives that. */
function listen(t: TestContext): { environment: NodeJS.ProcessEnv; heard(): string[] } {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-service-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const file = path.join(directory, 'heard')
  const command = path.join(directory, 'systemd-notify')
  writeFileSync(command, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${file}\n`)
  chmodSync(command, 0o755)
  return {
    environment: { PATH: `${directory}:${process.env.PATH}`, NOTIFY_SOCKET: '/sock' },
    heard: () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []),
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !condition(); await sleep(10))
    if (Date.now() > deadline) throw new Error('waited in vain')
}

const unheard = (text: string): void => assert.fail(text)

test('ready, then stopping; nothing of it is left for the processes of the hub', async (t) => {
  const { environment, heard } = listen(t)
  const service = openService(environment, unheard)
  assert.deepEqual(Object.keys(environment), ['PATH'])
  service.ready('Serves', () => Promise.resolve(true))
  service.stopping()
  await until(() => heard().length === 2)
  assert.deepEqual(heard(), ['/sock READY=1 STATUS=Serves', '/sock STOPPING=1 STATUS=Stopping'])
})

test('the watchdog hears of it while all is well, and only then', async (t) => {
  const { environment, heard } = listen(t)
  const beats = (): number => heard().filter((line) => line === '/sock WATCHDOG=1').length
  const service = openService({ ...environment, WATCHDOG_USEC: '20000' }, unheard)
  let answer = true
  let asked = 0
  service.ready('Serves', () => {
    asked++
    return Promise.resolve(answer)
  })
  await until(() => beats() > 2)
  answer = false
  const before = asked
  await until(() => asked > before + 1)
  const heardThen = beats()
  const later = asked
  await until(() => asked > later + 5)
  assert.equal(beats(), heardThen)
  service.stopping()
  await until(() => heard().at(-1)!.includes('STOPPING'))
})

test('a question that is not answered is not asked again, and systemd hears nothing', async (t) => {
  const { environment, heard } = listen(t)
  const service = openService({ ...environment, WATCHDOG_USEC: '10000' }, unheard)
  let asked = 0
  service.ready('Serves', () => {
    asked++
    return new Promise(() => undefined)
  })
  await until(() => asked === 1 && heard().length === 1)
  await sleep(100)
  assert.equal(asked, 1)
  assert.equal(heard().length, 1)
  service.stopping()
  await until(() => heard().length === 2)
})

test('without systemd, or where another process is watched, there is nothing to tell', async (t) => {
  const { environment, heard } = listen(t)
  let asked = 0
  const isWell = (): Promise<boolean> => {
    asked++
    return Promise.resolve(true)
  }
  openService({ ...environment, NOTIFY_SOCKET: '', WATCHDOG_USEC: '2000' }, unheard).ready('Serves', isWell)
  openService({ ...environment, WATCHDOG_USEC: '2000', WATCHDOG_PID: '1' }, unheard).ready('Serves', isWell)
  await until(() => heard().length === 1)
  assert.equal(asked, 0)
})

test('that systemd cannot be told is said once', async () => {
  const complaints: string[] = []
  const service = openService({ PATH: '/nowhere', NOTIFY_SOCKET: '/sock' }, (text) => complaints.push(text))
  service.ready('Serves', () => Promise.resolve(true))
  service.stopping()
  await until(() => complaints.length > 0)
  assert.deepEqual(complaints, ['systemd cannot be told of this: spawn systemd-notify ENOENT'])
})
