// An agent's side of the talk over a real connection, with a hub that the test plays.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { WebSocketServer } from 'ws'
import { decodeRecords, type AgentMessage } from '../wire/agent-messages.ts'
import type { Identity } from './identity.ts'
import { openSpeaker } from './speak-to-hub.ts'

interface Played {
  url: string
  heard: string[]
  /** Resolves when this was said on either side. */
  until(text: string): Promise<void>
  say(level: string, message: string): void
}

/** Answers a hello with these messages; HTTP with a page. */
async function playHub(t: TestContext, answers: string[]): Promise<Played> {
  const heard: string[] = []
  const waiting: { text: string; resolve(): void }[] = []
  const hear = (text: string): void => {
    heard.push(text)
    for (const each of waiting) if (text.includes(each.text)) each.resolve()
  }
  const server = createServer((_request, response) => response.writeHead(502).end('<html>Bad gateway</html>'))
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (answers.length === 0) return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n<html>Bad gateway</html>')
    sockets.handleUpgrade(request, socket, head, (open) => {
      open.on('message', (data: Buffer, isBinary) => {
        if (isBinary) return hear(`records ${decodeRecords(data)!.through}`)
        const { type } = JSON.parse(data.toString()) as AgentMessage
        hear(type)
        if (type === 'hello') for (const answer of answers) open.send(answer)
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const open of sockets.clients) open.terminate()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    until: (text) =>
      new Promise((resolve) => {
        if (heard.some((each) => each.includes(text))) resolve()
        else waiting.push({ text, resolve })
      }),
    say: (_level, message) => hear(message),
  }
}

function speak(t: TestContext, { url, say }: Played, keepLease: Identity['keepLease'] = () => undefined): void {
  const speaker = openSpeaker({
    options: { url, name: 'web-1', control: false, spool: { limitBytes: 1e6, whenFull: 'block' } } as Parameters<
      typeof openSpeaker
    >[0]['options'],
    identity: { id: () => 'a', life: 'l', lease: () => '1.x', keepLease, begin: () => false },
    storage: {
      head: () => 3,
      onHead: () => () => undefined,
      spool: {
        read: (after) =>
          Promise.resolve(after < 3 ? { frames: new Uint8Array(8), first: after + 1, last: 3 } : undefined),
        release: () => Promise.resolve(),
        state: () => Promise.resolve(undefined),
      },
    },
    state: () => Promise.reject(new Error('none')),
    runs: () => [],
    control: () => Promise.resolve([]),
    say,
    now: () => 1000,
  })
  t.after(() => speaker.close())
}

const welcome = JSON.stringify({ type: 'welcome', version: '1', session: 's', lease: '2.y' })

test('an agent whose disk takes no word goes on with the one before, and sends what it has', async (t) => {
  const hub = await playHub(t, [welcome])
  speak(t, hub, () => {
    throw new Error('no space left on device')
  })
  await hub.until('records 3')
  assert.deepEqual(
    hub.heard.filter((each) => !each.includes('Connected')),
    ['hello', 'The word of the hub cannot be kept: no space left on device. The one before it holds.', 'records 3'],
  )
})

test('a word that is kept is said to be', async (t) => {
  const hub = await playHub(t, [welcome])
  speak(t, hub)
  await hub.until('records 3')
  assert.deepEqual(
    hub.heard.filter((each) => !each.includes('Connected')),
    ['hello', 'lease-kept', 'records 3'],
  )
})

test('a hub that cannot be understood, and a proxy in its place, end no agent', async (t) => {
  const strange = await playHub(t, ['no JSON'])
  speak(t, strange)
  await strange.until(`What ${strange.url} says is not understood`)
  const proxy = await playHub(t, [])
  speak(t, proxy)
  await proxy.until('answers, but is no hub that takes agents (status 502)')
})
