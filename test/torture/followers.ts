// Followers that come, read, stop reading, say goodbye or are cut off, for as long as wanted, while a process prints: memory at
// rest must not grow, and who stays gets every line once.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import { startHub, until, type HubProcess } from '../hub-process.ts'
import { openQuiet, openUnreadEvents, openUnreadSocket } from '../system/raw-follower.ts'

const perSecond = 20
const loadMs = 45_000
/** Everybody has gone; what was young is collected by what goes on. */
const restMs = 10_000
/** Memory at rest goes up and down by so much. */
const allowedMb = 15
const halfRequestEndsWithinMs = 20_000

const printing = `let n = 0
setInterval(() => { for (let i = 0; i < 20; i++) console.log('n=' + n + ' user=' + n++ % 97 + ' ' + 'x'.repeat(100)) }, 100)`

export async function soakFollowers(minutes: number): Promise<string> {
  const hub = await startHub({ processes: { printer: { command: [process.execPath, '-e', printing] } } })
  let next = 0
  let wrong = ''
  const reader = hub.client.follow(
    { after: 0, query: 'source:printer kind:system' },
    {
      records(records) {
        for (const { message } of records) {
          const n = Number(/^n=(\d+) /.exec(message)?.[1])
          if (n !== next) wrong ||= `after line ${next - 1} came ${n}`
          next = n + 1
        }
      },
    },
  )
  try {
    const restMb: number[] = []
    let followers = 0
    for (const endAt = Date.now() + minutes * 60_000; Date.now() < endAt;) {
      followers += await load(hub, Math.min(loadMs, endAt - Date.now()))
      await sleep(restMs)
      restMb.push(hub.memoryMb().now)
      const seen = next
      await until('the reader goes on', () => next > seen || wrong)
      if (wrong) throw new Error(wrong)
    }
    const quarter = Math.ceil(restMb.length / 4)
    const from = Math.min(...restMb.slice(quarter, 2 * quarter))
    const to = Math.min(...restMb.slice(-quarter))
    const figures = `at rest ${restMb.map((mb) => Math.round(mb)).join(' ')} MB`
    if (to > from + allowedMb) throw new Error(`Memory grew over ${followers} followers: ${figures}`)
    return `${followers} followers came and went, ${next} lines, ${figures}`
  } finally {
    reader.close()
    await hub.close()
  }
}

/** Resolves with how many came, when all have gone. */
async function load(hub: HubProcess, forMs: number): Promise<number> {
  const gone: Promise<unknown>[] = [endHalfRequest(hub)]
  for (const endAt = Date.now() + forMs; Date.now() < endAt; await sleep(1000 / perSecond)) gone.push(follow(hub))
  await Promise.all(gone)
  return gone.length - 1
}

const below = (end: number): number => Math.floor(Math.random() * end)

async function follow(hub: HubProcess): Promise<void> {
  const request = { limit: below(1000), ...(below(3) ? {} : { query: `user=${below(97)}` }) }
  const lifeMs = below(8000)
  const kind = below(5)
  if (kind < 2) {
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/${below(4) ? 'follow' : 'status'}`)
    socket.on('error', () => undefined)
    socket.on('open', () => socket.send(JSON.stringify(below(8) ? request : { collapse: true, rateLimit: 5 })))
    await sleep(lifeMs)
    if (kind === 0) socket.close()
    else socket.terminate()
    return
  }
  let socket: Socket
  if (kind === 2) socket = await openUnreadSocket(hub.url, request, { after: 0 })
  else socket = await openUnreadEvents(hub.url, `limit=${request.limit}`)
  if (kind === 3) socket.resume()
  await sleep(lifeMs)
  if (below(2)) socket.destroy()
  else socket.resetAndDestroy()
}

async function endHalfRequest(hub: HubProcess): Promise<void> {
  const socket = (await openQuiet(hub.url)).resume()
  socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
  await until('half a request is ended', () => socket.destroyed || socket.readableEnded, halfRequestEndsWithinMs)
}
