// The journal from outside: the real journalctl on a real journal, over kills of the hub and of journalctl, and over a reboot.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogRecord } from '../../src/client/index.ts'
import { findTool, requireTool } from '../../scripts/ensure-system.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { numberOracle } from './number-oracle.ts'

/** Writes entries into a journal, as journald would. */
interface JournalWriter {
  write(fields: Record<string, string | Buffer>): void
  /** A new boot of the machine. */
  reboot(): void
  close(): Promise<void>
}

function openJournalWriter(file: string): JournalWriter {
  const child = spawn(findTool('journalWriter')!, [`--output=${file}`, '-'], { stdio: ['pipe', 'ignore', 'ignore'] })
  let time = Date.now() * 1000
  let boot = 1
  return {
    write(fields) {
      const all = { __REALTIME_TIMESTAMP: String(time++), _BOOT_ID: String(boot).padStart(32, '0'), ...fields }
      for (const [name, value] of Object.entries<string | Buffer>(all)) {
        if (typeof value === 'string') {
          child.stdin.write(`${name}=${value}\n`)
          continue
        }
        const length = Buffer.alloc(8)
        length.writeBigUInt64LE(BigInt(value.length))
        child.stdin.write(Buffer.concat([Buffer.from(`${name}\n`), length, value, Buffer.from('\n')]))
      }
      child.stdin.write('\n')
    },
    reboot: () => void boot++,
    async close() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

async function records(hub: HubProcess, source: string): Promise<LogRecord[]> {
  const all: LogRecord[] = []
  for await (const record of hub.records(`source:${source}`)) all.push(record)
  return all
}

const reads = async (hub: HubProcess, source: string): Promise<string | undefined> =>
  (await hub.client.sources()).find(({ name }) => name === source)?.detail

/** Of the hub's own children, those that read the journal. */
function journalctls(hub: HubProcess): number[] {
  const statOf = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'latin1')
    } catch {
      return ''
    }
  }
  return readdirSync('/proc')
    .filter((pid) => new RegExp(`^\\d+ \\(journalctl\\) [^Z] ${hub.pid} `).test(statOf(pid)))
    .map(Number)
}

test('every entry once and in order, whoever is killed', requireTool('journalctl', 'journalWriter'), async (t) => {
  const hub = prepareHub({
    journald: {
      all: { directory: 'journal', start: 'beginning', fields: 'ORDER_ID' },
      shop: { directory: 'journal', units: 'shop', priority: 'err', start: 'beginning' },
      later: { directory: 'journal' },
      absent: { directory: 'nowhere' },
    },
  })
  t.after(() => hub.close())
  const directory = path.join(hub.directory, 'journal')
  mkdirSync(directory)
  const writer = openJournalWriter(path.join(directory, 'a.journal'))
  t.after(() => writer.close())
  let count = 0
  function write(more: number): void {
    for (const end = count + more; count < end; count++)
      writer.write({
        MESSAGE: `journal n=${count} order ${count * 7} of basket ${count % 97}`,
        PRIORITY: '6',
        SYSLOG_IDENTIFIER: 'counter',
      })
  }
  const taken = async (): Promise<boolean> =>
    (await hub.client.search({ query: `source:all "n=${count - 1}"` })).records.length === 1

  const shop = { SYSLOG_IDENTIFIER: 'shop', _SYSTEMD_UNIT: 'shop.service', _PID: '4157' }
  writer.write({ ...shop, PRIORITY: '3', MESSAGE: Buffer.from('caf\xe9', 'latin1'), ORDER_ID: '12' })
  writer.write({ ...shop, PRIORITY: '6', _TRANSPORT: 'stdout', MESSAGE: '{"level":"warn","msg":"low stock"}' })
  write(500)
  await sleep(300)
  await hub.start()
  await until('what was there', taken)
  await until('those who begin later', async () => (await records(hub, 'later')).length > 0)
  write(500)
  await until('what came live', taken)

  for (const pid of journalctls(hub)) process.kill(pid, 'SIGKILL')
  write(500)
  await until('what came while journalctl was dead', taken)

  write(2000)
  await hub.kill()
  write(300)
  writer.reboot()
  write(300)
  await hub.start()
  await until('what came without a hub, before a reboot and after it', taken)
  writer.reboot()
  write(10)
  await until('what came after another', taken)
  assert.match((await reads(hub, 'all'))!, /^reads the journal$/)
  assert.match((await reads(hub, 'absent'))!, /cannot read the journal: Failed to open .*nowhere: No such file/)

  const all = await records(hub, 'all')
  const numbers = numberOracle('the store')
  for (const { message } of all) numbers.take(message)
  numbers.assertComplete(new Map([['journal', count]]))
  const [bytes, stock] = all
  assert.equal(bytes!.message, 'caf\ufffd')
  assert.deepEqual(bytes!.fields, {
    'process.pid': 4157,
    'systemd.unit': 'shop.service',
    'logboom.bytes': Buffer.from('caf\xe9', 'latin1').toString('base64'),
    ORDER_ID: '12',
  })
  assert.deepEqual([stock!.message, stock!.severity, stock!.logger], ['low stock', 13, 'shop'])
  const errors = (await records(hub, 'shop')).filter(({ kind }) => kind === 'system')
  assert.deepEqual(
    errors.map(({ message }) => message),
    ['caf\ufffd'],
  )

  const later = (await records(hub, 'later')).filter(({ kind }) => kind === 'system')
  const first = Number(/n=(\d+)/.exec(later[0]!.message)![1])
  assert.equal(first, 500, 'nothing of what was there before')
  assert.equal(later.length, count - first)
})
