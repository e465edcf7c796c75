// The units that `logboom init --systemd` writes, under a real systemd: ready when it serves, started again when it was killed or does
// not turn any more, with the processes going on, and stopped in order.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { requireMount, requireTool } from '../../scripts/ensure-system.ts'
import { connect, type Client } from '../../src/client/index.ts'
import { readHubFile, type HubFile } from '../../src/hub/hub-file.ts'
import { until } from '../hub-process.ts'
import { openSystemd, type Systemd } from './open-systemd.ts'

const call = promisify(execFile)
const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
const unit = 'logboom.service'
/** Beginning of its command, by which processes are found that outlive a hub. */
const mark = `: ${process.pid} counts`
const counting = `${mark}; echo "socket=\${NOTIFY_SOCKET-none}"; n=0; while :; do n=$((n+1)); echo "n=$n"; sleep 0.05; done`

/** Commands with the mark, also of a systemd's processes: they are numbered here, too. */
function living(): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(mark)
    } catch {
      return false
    }
  })
}

const tools = requireTool('systemd')
describe('systemd', tools.skip ? tools : requireMount(), () => {
  const place = mkdtempSync(path.join(tmpdir(), 'logboom-unit-'))
  const go = path.join(place, 'go')
  let systemd: Systemd
  before(async () => {
    systemd = await openSystemd()
    // Its configuration takes as long to read as the test likes.
    const config = { processes: { counter: { command: ['sh', '-c', counting] } } }
    const text = `import { existsSync } from 'node:fs'
while (!existsSync(${JSON.stringify(go)})) await new Promise((done) => setTimeout(done, 20))
export default ${JSON.stringify(config)}`
    writeFileSync(path.join(place, 'logboom.config.mjs'), text)
    // Read by the unit.
    writeFileSync(path.join(place, 'logboom.env'), 'LOGBOOM_PORT=0\n')
  })
  after(async () => {
    await systemd?.close()
    rmSync(place, { recursive: true, force: true })
  })

  const hubFile = (): HubFile | undefined => readHubFile(path.join(systemd.state, 'logboom'))
  const client = (): Client => connect(hubFile()!.url, { token: hubFile()!.key })
  const counterPid = async (): Promise<number | undefined> =>
    (await client().sources()).find(({ name }) => name === 'counter')?.pid
  const init = (...words: string[]) => call(process.execPath, [bin, 'init', '--systemd', ...words], { cwd: place })

  /** Resolves when systemd has started the hub once more and it serves. */
  async function startedAgain(times: number): Promise<void> {
    await until(`restart ${times}`, async () => Number(await systemd.show(unit, 'NRestarts')) >= times)
    await until('it serves', async () => (await systemd.show(unit, 'ActiveState')) === 'active')
    assert.equal(await systemd.show(unit, 'NRestarts'), String(times))
  }

  test('what is written is right, and is not written twice', async () => {
    const { stdout } = await init('--to', systemd.units)
    assert.match(stdout, /daemon-reload\n.*enable --now logboom\n/)
    const file = path.join(systemd.units, unit)
    const { stderr } = await call('systemd-analyze', ['verify', file])
    assert.equal(stderr, '')
    const written = readFileSync(file, 'utf8')
    await assert.rejects(init('--to', systemd.units, '--run-as', 'daemon'), /is there already/)
    assert.equal(readFileSync(file, 'utf8'), written)
    await init('--to', systemd.units, '--run-as', 'daemon', '--force')
    assert.match(readFileSync(file, 'utf8'), /^User=daemon$/m)
    await init('--to', systemd.units, '--force')
    assert.equal(readFileSync(file, 'utf8'), written)
    assert.equal((await init('--print')).stdout, written)
  })

  test('it is ready when it serves, and not before', async () => {
    const changes = path.join(systemd.units, `${unit}.d`)
    mkdirSync(changes)
    const output = path.join(place, 'output')
    const lines = [
      '[Service]',
      'WatchdogSec=4',
      'RestartSec=100ms',
      `StandardOutput=append:${output}`,
      `StandardError=append:${output}`,
    ]
    writeFileSync(path.join(changes, 'test.conf'), `${lines.join('\n')}\n`)
    await systemd.systemctl('daemon-reload')
    const started = systemd.systemctl('start', unit)
    await until('its process', async () => (await systemd.show(unit, 'MainPID')) !== '0')
    assert.equal(await systemd.show(unit, 'ActiveState'), 'activating')
    assert.equal(hubFile(), undefined)
    writeFileSync(go, '')
    await started
    assert.equal(await systemd.show(unit, 'ActiveState'), 'active')
    assert.match(await systemd.show(unit, 'StatusText'), /^Serves http:/)
    const response = await fetch(`${hubFile()!.url}/readyz`)
    assert.deepEqual([response.status, await response.json()], [200, { ready: true }])
    const { records } = await until('its first line', async () => {
      const found = await client().search({ query: 'source:counter "socket="' })
      return found.records.length > 0 && found
    })
    assert.equal(records[0]!.message, 'socket=none', 'its processes do not speak for it')
    assert.equal(readFileSync(output, 'utf8').includes('systemd cannot be told'), false)
  })

  test('the watchdog hears of it', async () => {
    const heard = () => systemd.show(unit, 'WatchdogTimestampMonotonic')
    const first = await heard()
    await until('a beat', async () => (await heard()) !== first)
    assert.equal(await systemd.show(unit, 'NRestarts'), '0')
  })

  test('killed, it comes back, and its processes have gone on', async () => {
    const pid = await counterPid()
    await systemd.systemctl('kill', '--kill-who=main', '--signal=KILL', unit)
    await startedAgain(1)
    assert.equal(await counterPid(), pid)
  })

  test('when it does not turn any more, the watchdog ends it, and it comes back', async () => {
    const pid = await counterPid()
    await systemd.systemctl('kill', '--kill-who=main', '--signal=STOP', unit)
    await startedAgain(2)
    assert.equal(await counterPid(), pid)
  })

  test('no line is lost or comes twice by that', async () => {
    const { records } = await client().search({
      query: 'source:counter kind:system "n="',
      order: 'oldest',
      limit: 10_000,
    })
    assert.ok(records.length > 20)
    assert.deepEqual(
      records.map(({ message }) => message),
      records.map((_, index) => `n=${index + 1}`),
    )
  })

  test('stopped, it ends in order, and its processes with it', async () => {
    assert.ok(living().length > 0)
    await systemd.systemctl('stop', unit)
    assert.deepEqual(
      [await systemd.show(unit, 'ActiveState'), await systemd.show(unit, 'Result')],
      ['inactive', 'success'],
    )
    assert.equal(hubFile(), undefined)
    assert.deepEqual(living(), [])
    assert.match(readFileSync(path.join(place, 'output'), 'utf8'), /Stopping counter …/)
  })
})
