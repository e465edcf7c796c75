// A hub that is given more than it can stream: what viewers see gives way, first DEBUG, then everything, until there is time again; each
// viewer is told the exact count in one line, and files and store have every line.
import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { WebSocket } from 'ws'
import { prepareHub, until } from '../hub-process.ts'

/** Streams of different queries, each of which the hub has to encode for itself. */
const streams = 16
const burst = 1000

/** Words that only the lines of the flood have, none that tell of its process. */
const padding = 'and so on, '.repeat(9)
const wanted = 'and so on'

/** Prints as long as the file is there: of ten lines nine are DEBUG. Then the number of all. */
const flooding = `
const { existsSync, writeSync } = require('node:fs')
const pad = ' ' + '${padding}' + '\\n'
let n = 0
function tick() {
  let text = ''
  if (!existsSync('flood')) return void process.stdout.write('INFO printed ' + n + '\\n')
  for (let i = 0; i < ${burst}; i++) text += (n % 10 ? 'DEBUG' : 'INFO') + ' line ' + n++ + pad
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at)
  setTimeout(tick, 10)
}
tick()`

const command = [process.execPath, '-e', flooding]
const hub = prepareHub({ processes: { flood: { command, restart: 'never', autostart: false } } })
after(() => hub.close())

interface Viewer {
  lines: number
  told: number
  gaps: string[]
  last: string
}

function open(query: string): Viewer {
  const viewer: Viewer = { lines: 0, told: 0, gaps: [], last: '' }
  const socket = new WebSocket(
    `${hub.url.replace('http', 'ws')}/ws/monitor?${query}&text=${encodeURIComponent(wanted)}`,
  )
  socket.on('error', () => undefined)
  socket.on('message', (data: Buffer) => {
    const { message } = (JSON.parse(data.toString()) as { data: { message: string } }).data
    viewer.last = message
    if (/\bline \d+ and so on/.test(message)) viewer.lines++
    const [, missing] = /^\[gap\] (\d+) lines? missing/.exec(message) ?? []
    if (message.startsWith('[gap]')) viewer.gaps.push(message)
    viewer.told += Number(missing ?? 0)
  })
  return viewer
}

test('viewers of a hub that is overloaded miss lines, are told how many, and get all again; the store has every one', async () => {
  await hub.start()
  const flood = path.join(hub.directory, 'flood')
  writeFileSync(flood, '')
  const some = Array.from({ length: streams }, (_, index) => open(`debug=true&source=flood,other-${index}`))
  const info = open('source=flood')
  await until('all follow', async () => (await hub.client.clients()).clients.length === streams + 1)
  await hub.command('start', 'flood')
  await until('streams give way', () => /lines below INFO are held back/.test(hub.console()))
  rmSync(flood)
  await until('streams keep up again', () => /Streams keep up again/.test(hub.console()), 60_000)

  const printed = await until('the last line is stored', async () => {
    const { records } = await hub.client.search({ query: 'source:flood printed', limit: 1 })
    return Number(/printed (\d+)/.exec(records[0]?.message ?? '')?.[1] ?? 0)
  })
  const { count } = await hub.client.summary({ query: `source:flood kind:system "${wanted}"` })
  assert.equal(count, printed)
  for (const [viewer, all] of [
    [some[0]!, printed],
    [some.at(-1)!, printed],
    [info, printed / 10],
  ] as const) {
    await until('the count', () => viewer.lines + viewer.told >= all).catch(() => undefined)
    const text = `${viewer.lines} lines, ${viewer.gaps.join('\n')}`
    assert.equal(viewer.lines + viewer.told, all, text)
    // One line tells of all, and of an INFO viewer nothing need be missing.
    if (viewer === info) continue
    assert.ok(
      viewer.gaps.some((gap) => gap.endsWith('missing: the hub was overloaded')),
      text,
    )
  }
})
