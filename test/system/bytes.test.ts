// Whatever bytes a process prints, and however it goes about it: what becomes of them in store, log file and search.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { formatFileTime } from '../../src/time/clock.ts'
import type { LogRecord } from '../../src/client/index.ts'
import { isAlive, startHub, until, type HubProcess } from '../hub-process.ts'
import { longLine, printBytes, printLongLine } from './print-bytes.ts'

const emoji = '🦫 Flößer 木'
const longBytes = 100_000_000
/** Far below what it takes to hold such a line in memory, which needs it several times. */
const memoryLimitMb = 320
const escape = '\u001b'
const quiet = { restart: 'never', autostart: false }

const processes = {
  unfinished: { command: printBytes('one\ntwo\nno newline at the end'), ...quiet },
  single_bytes: {
    command: printBytes(...[...Buffer.from(`${emoji}\nand ${emoji}`)].map((byte) => Uint8Array.of(byte))),
    ...quiet,
  },
  nul: { command: printBytes('before\n', 'a\0b\0\n', '\0\n', 'after\n'), ...quiet },
  invalid: {
    command: printBytes(Buffer.from([0x61, 0xff, 0x62, 0x0a]), 'fine ä\n', Buffer.from([0xe2, 0x82, 0x0a, 0xc3])),
    ...quiet,
  },
  crlf: { command: printBytes('one\r\n', 'two\r', '\n', 'in\rside\r\n', '\r\n', 'last\r'), ...quiet },
  ansi: {
    command: printBytes(`${escape}[31mred${escape}[0m and ${escape}]8;;http://x\u0007link${escape}]8;;\u0007\n`),
    ...quiet,
  },
  empty: { command: printBytes('\n\n  indented\n\ttab\n'), ...quiet },
  long: { command: printLongLine(longBytes), ...quiet },
  truncates: {
    command: 'echo before >&2; until [ -e go ]; do sleep 0.01; done; echo x > /dev/stderr; echo after >&2',
    ...quiet,
  },
  truncates_nothing: { command: 'echo x > /dev/stderr; echo y > /dev/stdout', ...quiet },
  parent: {
    command:
      "(echo $(exec sh -c 'echo $PPID'); until [ -e end ]; do sleep 0.01; done; echo late; printf last) & echo early",
    ...quiet,
  },
}
type Name = keyof typeof processes

suite('bytes through the whole product', () => {
  let hub: HubProcess

  before(async () => {
    hub = await startHub({ processes, sinks: { logFile: { rotateBytes: 1024 ** 3 } } })
  })
  after(() => hub?.close())

  const start = async (name: Name): Promise<void> => void (await hub.client.control(name, 'start'))

  async function recordsOf(name: Name): Promise<LogRecord[]> {
    const records: LogRecord[] = []
    for await (const record of hub.records(`source:${name}`)) records.push(record)
    return records
  }

  /** Its records without started and exited, once all of it is read. */
  async function printed(name: Name): Promise<LogRecord[]> {
    await until('all is read', () => !isCaptured(name))
    return (await recordsOf(name)).filter(({ kind }) => kind !== 'event')
  }

  async function run(name: Name): Promise<LogRecord[]> {
    await start(name)
    await until('the exit', async () => (await recordsOf(name)).some(({ fields }) => fields?.['event'] === 'exited'))
    return printed(name)
  }

  const stateOf = async (name: Name): Promise<string> =>
    (await hub.client.sources()).find((source) => source.name === name)!.state

  /** Something of it may still be to be read. */
  function isCaptured(name: Name): boolean {
    return readdirSync(path.join(hub.stateDirectory, 'capture', name)).length > 0
  }

  const logFile = (name: Name): Buffer => readFileSync(path.join(hub.stateDirectory, `logs/${name}.log`))

  /** The log file has exactly these texts, one line each, as the records say. */
  function assertFile(name: Name, records: LogRecord[], texts: string[]): void {
    const lines = records.map(({ time, kind }, index) => {
      const level = kind === 'gap' ? 'WARNING' : 'INFO'
      return `${formatFileTime(time)} [] [${level}] ${texts[index]}`
    })
    const found = logFile(name)
      .toString('utf8')
      .replaceAll(/\[\d+\] \[/g, '[] [')
      .split('\n')
      .slice(0, -1)
    assert.deepEqual(
      found.filter((line) => !line.includes('[event]')),
      lines,
    )
  }

  const messages = (records: LogRecord[]): string[] => records.map(({ message }) => message)
  const search = async (query: string): Promise<string[]> => messages((await hub.client.search({ query })).records)

  test('the last line without newline', async () => {
    const records = await run('unfinished')
    const lines = ['one', 'two', 'no newline at the end']
    assert.deepEqual(messages(records), lines)
    assertFile('unfinished', records, lines)
    assert.deepEqual(await search('source:unfinished kind:system "at the end"'), lines.slice(2))
  })

  test('UTF-8 that comes byte by byte', async () => {
    const records = await run('single_bytes')
    const lines = [emoji, `and ${emoji}`]
    assert.deepEqual(messages(records), lines)
    assert.ok(records.every(({ fields }) => fields === undefined))
    assertFile('single_bytes', records, lines)
    assert.deepEqual(await search('source:single_bytes FLÖSSER'.replace('SS', 'ß')), lines.toReversed())
  })

  test('NUL bytes', async () => {
    const records = await run('nul')
    assert.deepEqual(messages(records), ['before', 'a\0b\0', '\0', 'after'])
    assertFile('nul', records, messages(records))
  })

  test('invalid UTF-8: readable, and the bytes are still to be had', async () => {
    const records = await run('invalid')
    const lines = ['a\ufffdb', 'fine ä', '\ufffd', '\ufffd']
    assert.deepEqual(messages(records), lines)
    const bytes = records.map(({ fields }) => fields?.['logboom.bytes'])
    const base64 = (...values: number[]): string => Buffer.from(values).toString('base64')
    assert.deepEqual(bytes, [base64(0x61, 0xff, 0x62), undefined, base64(0xe2, 0x82), base64(0xc3)])
    assert.ok(logFile('invalid').toString('utf8').includes('a\ufffdb'))
  })

  test('CRLF, also when it comes in two pieces', async () => {
    const records = await run('crlf')
    assert.deepEqual(messages(records), ['one', 'two', 'in\rside', '', 'last\r'])
    assertFile('crlf', records, messages(records))
  })

  test('ANSI: kept in the record, removed from the log file', async () => {
    const records = await run('ansi')
    assert.deepEqual(messages(records), [
      `${escape}[31mred${escape}[0m and ${escape}]8;;http://x\u0007link${escape}]8;;\u0007`,
    ])
    assertFile('ansi', records, ['red and link'])
  })

  test('empty and indented lines', async () => {
    const records = await run('empty')
    const lines = ['', '', '  indented', '\ttab']
    assert.deepEqual(messages(records), lines)
    assertFile('empty', records, lines)
  })

  test('a line of 100 MB: marked fragments that together are the line, and the hub stays small', async () => {
    const expected = createHash('sha256')
    for (const chunk of longLine(longBytes)) expected.update(chunk)
    await start('long')
    await until('all is read', async () => (await stateOf('long')) === 'exited' && !isCaptured('long'), 60_000)
    const { peak } = hub.memoryMb()
    assert.ok(peak < memoryLimitMb, `the hub had ${peak} MB`)
    const [whole, inFile] = [createHash('sha256'), createHash('sha256')]
    const expectedInFile = createHash('sha256')
    let [count, bytes, last] = [0, 0, '']
    for await (const { kind, message, fields, time, severity } of hub.records('source:long kind:system')) {
      assert.equal(kind, 'system')
      last = message
      if (message === 'after') continue
      count++
      bytes += message.length
      whole.update(message)
      assert.equal(severity, 9)
      assert.equal(fields?.['logboom.fragment'], count)
      assert.equal(fields?.['logboom.lastFragment'], bytes === longBytes ? true : undefined)
      assert.ok(message.length <= 1024 * 1024)
      expectedInFile.update(`${formatFileTime(time)} ${message}`)
    }
    assert.deepEqual([bytes, last], [longBytes, 'after'])
    assert.equal(whole.digest('hex'), expected.digest('hex'))
    const lines = logFile('long').toString('latin1').split('\n')
    const fragments = lines.filter((line) => !line.includes('[event]') && line.length > 100)
    assert.equal(fragments.length, count)
    for (const line of fragments) {
      const parts = /^(\S+ \S+) \[\d+\] \[INFO\] ([\d ]*)( logboom\.fragment=.*)?$/.exec(line)!
      inFile.update(`${parts[1]} ${parts[2]}`)
    }
    assert.equal(inFile.digest('hex'), expectedInFile.digest('hex'))
  })

  test('`> /dev/stderr` truncates the capture file: what was read stays, what comes is read, the rest is a gap', async () => {
    await start('truncates')
    await until('the first line', async () => messages(await recordsOf('truncates')).includes('before'))
    writeFileSync(path.join(hub.directory, 'go'), '')
    const records = await printed('truncates')
    const [first, gap, ...rest] = records
    assert.equal(first?.message, 'before')
    assert.equal(gap?.kind, 'gap')
    assert.deepEqual(gap?.fields, { cause: 'truncated', from: 7, to: 0, bytes: 'unknown' })
    assert.deepEqual(messages(rest), ['x', 'after'])
    assert.deepEqual(await search('source:truncates kind:gap'), [gap?.message])
    assertFile('truncates', records, ['before', `[gap] ${gap?.message}`, 'x', 'after'])
  })

  test('`> /dev/stderr` before anything was printed loses nothing and says nothing', async () => {
    const records = await run('truncates_nothing')
    assert.deepEqual(messages(records).toSorted(), ['x', 'y'])
  })

  test('a grandchild that goes on writing after the child has gone', async () => {
    await start('parent')
    const early = await until('the exit', async () => {
      const records = await recordsOf('parent')
      return records.some(({ fields }) => fields?.['event'] === 'exited') && records.length === 4 && records
    })
    assert.equal(await stateOf('parent'), 'exited')
    const grandchild = Number(early.map(({ message }) => message).find((message) => /^\d+$/.test(message)))
    assert.ok(isAlive(grandchild))
    writeFileSync(path.join(hub.directory, 'end'), '')
    const lines = messages(await printed('parent'))
    assert.deepEqual(lines.toSorted().slice(1), ['early', 'last', 'late'])
    assert.deepEqual(lines.slice(-2), ['late', 'last'])
    assert.match(logFile('parent').toString(), /exited with code 0\n[^]*\[INFO\] late\n[^\n]*\[INFO\] last\n$/)
  })
})
