// The dashboard when things go badly: the hub is killed and comes back, a process floods it. What the page holds
// afterwards is compared with what was printed, number by number.
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, afterEach, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { requireTool } from '../../scripts/ensure-system.ts'
import { startHub, type HubProcess } from '../hub-process.ts'
import { openBrowser, type TestBrowser, type TestPage } from './open-page.ts'
import { allRows, assertAscending, assertConsecutive, cardLines, cardOf, numbersOf, until } from './read-page.ts'
import { stopProcess } from './stop-process.ts'

const printLines = (...args: number[]): string[] => [
  process.execPath,
  path.join(import.meta.dirname, 'print-lines.ts'),
  ...args.map(String),
]
const burstRate = 20_000
const burstLines = 160_000

const processes = {
  slow: { command: printLines(20) },
  fast: { command: printLines(400) },
  burst: { command: printLines(burstRate, burstLines), autostart: false, restart: 'never' },
}

suite('the dashboard in hard times', requireTool('chromium'), () => {
  let hub: HubProcess
  let browser: TestBrowser
  let pages: TestPage[] = []

  before(async () => {
    ;[hub, browser] = await Promise.all([startHub({ processes }), openBrowser()])
  })
  after(async () => {
    await browser?.close()
    await hub?.close()
  })
  afterEach(async () => {
    const faults = pages.flatMap((one) => one.faults)
    for (const one of pages) await one.close()
    pages = []
    // Connections that fail while there is no hub are told by the browser itself.
    assert.deepEqual(
      faults.filter((fault) => !/ERR_CONNECTION_REFUSED|WebSocket connection/.test(fault)),
      [],
    )
  })
  async function open(address: string): Promise<Page> {
    const opened = await browser.openPage(hub.url + address)
    pages.push(opened)
    return opened.page
  }
  const connection = (page: Page): Promise<string | null> =>
    page.getByTestId('connection-state').getAttribute('data-state')

  test('the hub is killed and started again: no line is missing in the page, none is there twice', async (t) => {
    const cards = await open('/processes')
    const logs = await open('/logs?sources=fast')
    const arrived = async (): Promise<number> => Number(await logs.getByTestId('log-list').getAttribute('data-arrived'))
    await until('cards', async () => numbersOf(await cardLines(cards, 'slow')).length > 5)
    const seen = await cardLines(cards, 'slow')
    for (let times = 0; times < 2; times++) {
      const before = await until('lines', arrived)
      await hub.kill()
      for (const page of [cards, logs])
        await until('a page that knows', async () => (await connection(page)) === 'reconnecting')
      await sleep(1000)
      await hub.start()
      for (const page of [cards, logs]) await until('live again', async () => (await connection(page)) === 'live')
      await until('what was printed meanwhile, and more', async () => (await arrived()) > before + 800)
    }
    assert.equal(await cardOf(cards, 'slow').getAttribute('data-state'), 'running')
    const lines = await until('lines on the card', async () => {
      const found = await cardLines(cards, 'slow')
      return found.at(-1)!.id > seen.at(-1)!.id + 800 && found
    })
    assertAscending(lines, 'card')
    assertConsecutive(numbersOf(lines), 'card')

    await stopProcess(hub, 'fast')
    const { records } = await hub.client.search({ query: 'source:fast "n="', limit: 1 })
    const rows = await allRows(logs)
    assertAscending(rows, 'Logs')
    const numbers = numbersOf(rows)
    assert.equal(numbers[0], 0)
    assertConsecutive(numbers, 'Logs')
    assert.equal(`n=${numbers.at(-1)}`, records[0]!.message)
    t.diagnostic(`${numbers.length} lines, each once, across two kills of the hub`)
  })

  test(`${burstRate} lines/s: every line is accounted for, the page answers, other cards rest`, async (t) => {
    const logs = await open('/logs?sources=burst')
    const cards = await open('/processes')
    await until('a calm card', async () => (await cardLines(cards, 'slow')).length > 0)
    await logs.evaluate(`
      globalThis.longTasks = []
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longTasks.push(Math.round(duration))
      }).observe({ type: 'longtask' })`)
    await until(
      'the page is live',
      async () => (await logs.getByTestId('log-list').getAttribute('data-phase')) === 'live',
    )
    const list = logs.getByTestId('log-list')
    const arrived = async (): Promise<number> => Number(await list.getAttribute('data-arrived'))
    const calm = cardOf(cards, 'slow').getByTestId('card-log')
    const renders = async (): Promise<number> => Number(await calm.getAttribute('data-renders'))
    const before = { renders: await renders(), last: (await cardLines(cards, 'slow')).at(-1)!.id }

    await cardOf(cards, 'burst').getByTestId('card-start').click()
    await until('the flood', async () => (await arrived()) > burstLines / 10)
    // In front, as for somebody who looks at it.
    await logs.bringToFront()
    const answersMs: number[] = []
    const pause = logs.getByTestId('pause-button')
    for (const pressed of ['true', 'false', 'true', 'false']) {
      const clickedAt = performance.now()
      await pause.click()
      await until('the answer', async () => (await pause.getAttribute('aria-pressed')) === pressed)
      answersMs.push(Math.round(performance.now() - clickedAt))
      await sleep(300)
    }
    assert.ok((await arrived()) < burstLines, 'all of this happened during the flood')
    assert.ok((await cardLines(cards, 'burst')).length <= 100)
    const rested = (await renders()) - before.renders
    const own = (await cardLines(cards, 'slow')).filter(({ id }) => id > before.last).length

    const { records } = await until('the last line in the store', async () => {
      const found = await hub.client.search({ query: `source:burst "n=${burstLines - 1}"`, limit: 1 })
      return found.records.length === 1 && found
    })
    // The process's lines, and the events of its start and end.
    await until('all accounted for', async () => (await arrived()) === burstLines + 2)
    assert.equal(records[0]!.message, `n=${burstLines - 1}`)
    await until('the newest in sight', async () => (await list.textContent())!.includes(`n=${burstLines - 1}`))
    const longTasks = ((await logs.evaluate('longTasks')) as number[]).toSorted((a, b) => b - a)
    t.diagnostic(`clicks answered after ${answersMs.join(', ')} ms`)
    t.diagnostic(`${longTasks.length} long tasks, the longest: ${longTasks.slice(0, 5).join(', ') || 'none'} ms`)
    t.diagnostic(`the calm card was drawn ${rested} times for ${own} lines`)
    assert.ok(Math.max(...answersMs) < 2000, `clicks were answered after ${answersMs.join(', ')} ms`)
    assert.ok(rested <= own + 3, `the calm card was drawn ${rested} times for ${own} lines`)
  })
})
