// All that containers print in one run, as SPEC E8 lists it, and a verifier behind it: counts, separation of the streams, persistence over
// a restart of the hub, and figures of the time it took, which are printed and not judged.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { requireTool } from '../../../scripts/ensure-system.ts'
import { startHub, until, type HubProcess } from '../../hub-process.ts'
import { hadBy, hasEnded, type Had } from './container-oracle.ts'
import { openDaemon, type Daemon } from './open-daemon.ts'

interface Printer {
  script: string
  stdout: string[]
  stderr: string[]
  code?: number
}

const numbered = (word: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${word}${i + 1}`)
const large = 30_000

const printers: Record<string, Printer> = {
  separated: {
    script: 'for i in $(seq 1 50); do echo "out $i"; echo "err $i" >&2; done',
    stdout: numbered('out ', 50),
    stderr: numbered('err ', 50),
  },
  'multi-line': {
    script: `printf 'Traceback:\\n  at one\\n\\tat two\\n\\n   end  \\n'; printf 'first\\r\\nsecond\\r\\n' >&2`,
    stdout: ['Traceback:', '  at one', '\tat two', '', '   end  '],
    // What a program prints without a terminal stays as it is.
    stderr: ['first\r', 'second\r'],
  },
  streamed: {
    script: 'for i in $(seq 1 20); do echo "now $i"; sleep 0.02; done; echo slow >&2',
    stdout: numbered('now ', 20),
    stderr: ['slow'],
  },
  buffered: {
    script: '{ for i in $(seq 1 20); do echo "late $i"; sleep 0.01; done; } > /kept; cat /kept; cat /kept >&2',
    stdout: numbered('late ', 20),
    stderr: numbered('late ', 20),
  },
  large: {
    script: `seq 1 ${large}; head -c 1000000 /dev/zero | tr '\\0' z; echo; seq 1 1000 >&2`,
    stdout: [...numbered('', large), 'z'.repeat(1_000_000)],
    stderr: numbered('', 1000),
  },
  unicode: {
    script: `echo 'Grüße 你好 مرحبا e\u0301 🎉👩‍👩‍👧'; echo '⚠️ ошибка' >&2`,
    stdout: ['Grüße 你好 مرحبا e\u0301 🎉👩‍👩‍👧'],
    stderr: ['⚠️ ошибка'],
  },
  coloured: {
    script: `printf '\\033[1;32mgreen\\033[0m and \\033[38;5;196mred\\033[0m\\n'`,
    stdout: ['\u001b[1;32mgreen\u001b[0m and \u001b[38;5;196mred\u001b[0m'],
    stderr: [],
  },
  'without-end': { script: 'echo one; printf two; printf three >&2', stdout: ['one', 'two'], stderr: ['three'] },
  silent: { script: 'true', stdout: [], stderr: [] },
  failing: { script: 'echo before; echo "no such file" >&2; exit 7', stdout: ['before'], stderr: ['no such file'], code: 7 },
} // prettier-ignore

/** Holds what the hub has against what was printed. */
function verify(name: string, had: Had): void {
  const { stdout, stderr, code = 0 } = printers[name]!
  for (const [stream, printed] of Object.entries({ stdout, stderr }) as ['stdout' | 'stderr', string[]][]) {
    assert.equal(had[stream].length, printed.length, `count of ${stream} of ${name}`)
    printed.forEach((line, i) => assert.equal(had[stream][i], line, `line ${i + 1} of ${stream} of ${name}`))
  }
  assert.deepEqual(had.told, ['started', `exited with code ${code}`], name)
  const seqs = had.records.map(({ seq }) => seq)
  assert.deepEqual(
    seqs,
    seqs.map((_, i) => seqs[0]! + i),
    'one counter for both streams',
  )
}

describe('all that containers print', requireTool('dockerd', 'docker', 'busybox'), () => {
  let daemon: Daemon
  let hub: HubProcess
  before(async () => {
    daemon = await openDaemon()
    hub = await startHub({ docker: { engine: { host: daemon.socket } } })
  })
  after(async () => {
    await hub?.close()
    await daemon?.close()
  })

  test('counts, separation, persistence; figures', async (t) => {
    const startedAt = performance.now()
    await Promise.all(Object.entries(printers).map(([name, { script }]) => daemon.run(name, script)))
    for (const name of Object.keys(printers)) await hasEnded(hub, name)
    const seconds = (performance.now() - startedAt) / 1000
    const before = new Map<string, Had>()
    for (const name of Object.keys(printers)) before.set(name, await hadBy(hub, name))
    for (const [name, had] of before) verify(name, had)

    const all = [...before.values()].flatMap(({ records }) => records)
    const lags = all
      .filter(({ stream }) => stream !== 'log')
      .map(({ time, observed }) => observed - time)
      .sort((one, other) => one - other)
    t.diagnostic(`${all.length} records in ${seconds.toFixed(1)} s, containers started and ended`)
    t.diagnostic(`taken after p50 ${lags[lags.length >> 1]!.toFixed(1)} ms, last ${lags.at(-1)!.toFixed(1)} ms`)
    t.diagnostic(`CPU of the hub ${((hub.cpuSeconds() / all.length) * 1e6).toFixed(0)} µs a record, its start included`)

    await hub.end('SIGTERM')
    await hub.start()
    await until('the engine', async () =>
      (await hub.client.sources()).some(({ name, state }) => name === 'failing' && state === 'crashed'),
    )
    for (const [name, had] of before) assert.deepEqual((await hadBy(hub, name)).records, had.records, name)
  })
})
