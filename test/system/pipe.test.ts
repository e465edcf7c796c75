// `logboom pipe` from outside: with a hub, without one, and with hubs and pipes that are killed.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { numberOracle } from './number-oracle.ts'

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')

function openPipe(hub: HubProcess, ...words: string[]): ChildProcess {
  return spawn(process.execPath, [bin, 'pipe', ...words], { cwd: hub.directory, stdio: ['pipe', 'pipe', 'pipe'] })
}

async function lines(hub: HubProcess, source: string): Promise<string[]> {
  const all: string[] = []
  for await (const { message, kind, run } of hub.records(`source:${source}`))
    all.push(`${run} ${kind === 'system' ? '' : `[${kind}] `}${message}`)
  return all
}

test('what is piped before there is a hub, while there is one, and without an end', async (t) => {
  const hub = prepareHub({ processes: { taken: { command: 'sleep 100' } } })
  t.after(() => hub.close())
  const early = openPipe(hub, '--name', 'build')
  early.stdin!.end(Buffer.from('one\n\0two \xff\nlast words', 'latin1'))
  assert.deepEqual(await once(early, 'exit'), [0, null])
  await hub.start()
  await until('the first pipe', async () => (await lines(hub, 'build')).length >= 5)
  const first = await lines(hub, 'build')
  assert.deepEqual(first.slice(1), ['1 one', '1 \0two \ufffd', '1 last words', '1 [event] end of input'])

  const tee = openPipe(hub, '--name', 'build', '--tee')
  let shown = ''
  tee.stdout!.on('data', (data) => (shown += String(data)))
  tee.stdin!.write('alive\n')
  await until('a live line', async () => (await lines(hub, 'build')).at(-1) === '2 alive')
  assert.equal((await hub.client.sources()).find(({ name }) => name === 'build')?.state, 'running')
  tee.kill('SIGKILL')
  await until('its end', async () => (await lines(hub, 'build')).at(-1)!.startsWith('2 [event] pipe was killed'))
  assert.equal(shown, 'alive\n')

  const refused = openPipe(hub, '--name', 'taken')
  let said = ''
  refused.stderr!.on('data', (data) => (said += String(data)))
  assert.deepEqual(await once(refused, 'exit'), [2, null])
  assert.match(said, /taken is a process of this hub[^]*another --name/)
})

test('hubs killed under a pipe: every line once and in order', async (t) => {
  const hub = prepareHub({ processes: {} })
  t.after(() => hub.close())
  await hub.start()
  const pipe = openPipe(hub, '--name', 'counter')
  const total = 200_000
  let written = 0
  async function write(until: number): Promise<void> {
    while (written < until) {
      let text = ''
      for (const end = Math.min(until, written + 1000); written < end; written++)
        text += `pipe n=${written} order ${written * 7} of basket ${written % 97}\n`
      if (!pipe.stdin!.write(text)) await once(pipe.stdin!, 'drain')
      await sleep(1)
    }
  }
  for (const part of [1, 2, 3]) {
    const writing = write((total * part) / 4)
    await sleep(200)
    await hub.kill()
    await writing
    await hub.start()
  }
  await write(total)
  pipe.stdin!.end()
  assert.deepEqual(await once(pipe, 'exit'), [0, null])
  await until(
    'the end',
    async () => (await hub.client.search({ query: 'source:counter "end of input"' })).records.length > 0,
  )
  const numbers = numberOracle('the store')
  for (const line of await lines(hub, 'counter')) numbers.take(line.slice(2))
  numbers.assertComplete(new Map([['pipe', total]]))
})
