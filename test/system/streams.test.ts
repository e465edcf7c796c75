// Clients of streams as others write them, against the running product: over `kill -9` of the hub, and in Python.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { io } from 'socket.io-client'
import { WebSocket } from 'ws'
import { requireTool } from '../../scripts/ensure-system.ts'
import { LogboomError } from '../../src/client/index.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'

/** Counts on its standard output; its log goes on while no hub is there. */
const counting = `let n = 0; setInterval(() => { console.log('n=' + n++) }, 20)`

async function openCounting(t: TestContext): Promise<HubProcess> {
  const hub = prepareHub({ processes: { counter: { command: [process.execPath, '-e', counting] } } })
  t.after(() => hub.close())
  await hub.start()
  return hub
}

const numberIn = (message: string): number[] => [...message.matchAll(/^n=(\d+)$/g)].map(([, n]) => Number(n))

/** Every number once and in order, from the first seen to at least so many beyond it. */
function assertUnbroken(numbers: readonly number[]): void {
  const wrong = numbers.findIndex((n, index) => n !== numbers[0]! + index)
  assert.equal(wrong, -1, `after ${numbers[wrong - 1]} came ${numbers[wrong]}`)
}

/** Kills the hub while lines come, and waits for more of them under the next one. */
async function kill(hub: HubProcess, seen: () => readonly number[]): Promise<void> {
  const more = (): Promise<unknown> => {
    const before = seen().length
    return until('lines', () => seen().length > before + 20)
  }
  await more()
  await hub.kill()
  await hub.start()
  await more()
}

test('Socket.IO: a client resumes over kill -9 of the hub, without gap or repeat', async (t) => {
  const hub = await openCounting(t)
  const socket = io(hub.url, { transports: ['websocket'], reconnectionDelay: 20, reconnectionDelayMax: 200 })
  t.after(() => socket.disconnect())
  const numbers: number[] = []
  const recovered: boolean[] = []
  socket.on('connect', () => recovered.push(socket.recovered))
  socket.on('cantina_event', ({ message }: { message: string }) => numbers.push(...numberIn(message)))
  await kill(hub, () => numbers)
  assertUnbroken(numbers)
  assert.deepEqual(recovered, [false, true])
})

test('server-sent events and plain events resume over kill -9 by the cursor they had', async (t) => {
  const hub = await openCounting(t)
  const entries: { id: number; n: number }[] = []
  let socket: WebSocket | undefined
  let isOver = false
  t.after(() => {
    isOver = true
    socket?.terminate()
  })
  void (async () => {
    while (!isOver) {
      const after = entries.at(-1)?.id ?? 0
      socket = new WebSocket(`${hub.url.replace('http', 'ws')}/ws/events?topic=/dashboard/log&after=${after}`)
      socket.on('message', (data: Buffer) => {
        const { entry_id: id, message } = JSON.parse(data.toString()) as { entry_id: string; message: string }
        entries.push(...numberIn(message).map((n) => ({ id: Number(id), n })))
      })
      await once(socket, 'close').catch(() => undefined)
      await new Promise(setImmediate)
    }
  })()

  const events: { id: string; n: number }[] = []
  const aborter = new AbortController()
  t.after(() => aborter.abort())
  void (async () => {
    while (!isOver) await readEvents(hub.url, events, aborter.signal).catch(() => undefined)
  })()
  await kill(hub, () => entries.map(({ n }) => n))
  assertUnbroken(entries.map(({ n }) => n))
  await until('the same of server-sent events', () => (events.at(-1)?.n ?? 0) >= entries.at(-1)!.n)
  assertUnbroken(events.map(({ n }) => n))
})

/** As EventSource does it: goes on after the last event that it has. */
async function readEvents(url: string, events: { id: string; n: number }[], signal: AbortSignal): Promise<void> {
  const last = events.at(-1)?.id ?? '0'
  const { body } = await fetch(`${url}/api/v1/follow`, { headers: { 'last-event-id': last }, signal })
  let rest = ''
  for await (const text of body!.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split('\n\n')
    rest = parts.pop()!
    for (const part of parts) {
      const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(part) ?? []
      if (data === undefined) continue
      const { records = [] } = JSON.parse(data) as { records?: { message: string }[] }
      for (const { message } of records) events.push(...numberIn(message).map((n) => ({ id: id!, n })))
    }
  }
}

/** Debian's, which has Debian's modules. */
const python = '/usr/bin/python3'

/** Runs a client in Python until it has printed this. */
async function runPython(t: TestContext, code: string, url: string, printed: RegExp): Promise<string> {
  const client = spawn(python, ['-u', '-c', code, url], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => client.kill('SIGKILL'))
  let said = ''
  for (const stream of [client.stdout, client.stderr]) stream.on('data', (data) => (said += String(data)))
  await until('the Python client', () => {
    if (client.exitCode !== null && !printed.test(said)) throw new LogboomError('internal', said)
    return printed.test(said)
  })
  assert.doesNotMatch(said, /Traceback|Error/)
  return said
}

test('Python’s websockets: cards and monitor, with a Bearer header', requireTool('pythonWebsockets'), async (t) => {
  const hub = await openCounting(t)
  const code = `
import asyncio, json, sys, websockets
async def main():
    url = sys.argv[1].replace('http', 'ws')
    headers = {'Authorization': 'Bearer whatever'}
    async with websockets.connect(url + '/ws', extra_headers=headers) as cards, websockets.connect(url + '/ws/monitor', extra_headers=headers) as monitor:
        await cards.send(json.dumps({'type': 'ping', 'timestamp': 5}))
        kinds = set()
        while kinds != {'pong', 'log_stream'}:
            kinds.add(json.loads(await cards.recv())['type'])
        data = json.loads(await monitor.recv())
        print('seen', data['type'], data['data']['logger'])
asyncio.run(main())`
  assert.match(await runPython(t, code, hub.url, /seen .*\n/), /seen system_log (counter|logboom)/)
})

const handlers = `
seen = []
@client.on('cantina_event')
PREFIXdef on_event(data):
    seen.append(data['message'])
    if len(seen) == 30: print('seen', data['topic'], flush=True)
`

test('python-socketio, synchronous and asynchronous', requireTool('pythonSocketio'), async (t) => {
  const hub = await openCounting(t)
  const sync = `
import socketio, sys
client = socketio.Client()
${handlers.replace('PREFIX', '')}
client.connect(sys.argv[1])
client.wait()`
  const async = `
import asyncio, socketio, sys
client = socketio.AsyncClient()
${handlers.replace('PREFIX', 'async ')}
async def main():
    await client.connect(sys.argv[1], transports=['websocket'])
    await client.wait()
asyncio.run(main())`
  await Promise.all([sync, async].map((code) => runPython(t, code, hub.url, /seen system_log/)))
})
