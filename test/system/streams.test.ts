// Clients of streams as others write them, in Python, against the running product.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test, type TestContext } from 'node:test'
import { requireTool } from '../../scripts/ensure-system.ts'
import { LogboomError } from '../../src/client/index.ts'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'
import { counting } from './survive-resume.ts'

async function openCounting(t: TestContext): Promise<HubProcess> {
  const hub = prepareHub({ processes: { counter: { command: [process.execPath, '-e', counting] } } })
  t.after(() => hub.close())
  await hub.start()
  return hub
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

test(
  'python-socketio with a token behind its handshake, on a hub with users',
  requireTool('pythonSocketio'),
  async (t) => {
    const hub = await openCounting(t)
    assert.equal((await hub.command('user', 'add', 'mia')).code, 0)
    const token = (await hub.command('token', 'add', 'board', '--may', 'read', '--source', 'counter')).stdout.trim()
    const sync = `
import socketio, sys
client = socketio.Client()
${handlers.replace('PREFIX', '')}
try:
    socketio.Client().connect(sys.argv[1], auth={'token': 'wrong'})
except socketio.exceptions.ConnectionError as refusal:
    print('refused', refusal)
client.connect(sys.argv[1], auth={'token': '${token}'})
client.wait()`
    const async = `
import asyncio, socketio, sys
client = socketio.AsyncClient()
${handlers.replace('PREFIX', 'async ')}
async def main():
    await client.connect(sys.argv[1], auth={'token': '${token}'}, transports=['websocket'])
    await client.wait()
asyncio.run(main())`
    const [said] = await Promise.all([sync, async].map((code) => runPython(t, code, hub.url, /seen system_log/)))
    assert.match(said!, /refused/)
  },
)

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
