// The dashboard when things go badly: the hub is killed and comes back, a process floods it. What the page holds
// afterwards is compared with what was printed, number by number.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { dashboardSuite } from './dashboard-suite.ts'
import { printLines } from './print-lines.ts'
import { allRows, assertAscending, assertConsecutive, cardLines, cardOf, numbersOf, until } from './read-page.ts'
import { stopProcess } from './stop-process.ts'

const burstRate = 20_000
const burstLines = 160_000

const processes = {
  // So slow that what it prints while there is no hub stays below the limit of a card, 100 lines in a second.
  slow: { command: printLines(5) },
  fast: { command: printLines(400) },
  burst: { command: printLines(burstRate, burstLines), autostart: false, restart: 'never' },
}

/** Measured in the page, since how soon the test hears of it says little: from the click to the button's other state. */
const watch = `
  globalThis.watched = { answersMs: [], longTasksMs: [] }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.longTasksMs.push(Math.round(duration))
  }).observe({ type: 'longtask' })
  let clickedAt
  document.addEventListener('click', ({ timeStamp }) => (clickedAt = timeStamp), { capture: true })
  new MutationObserver(() => watched.answersMs.push(Math.round(performance.now() - clickedAt)))
    .observe(document.querySelector('[data-testid=pause-button]'), { attributeFilter: ['aria-pressed'] })`

// Connections that fail while there is no hub are told by the browser itself.
const expected = /ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_EMPTY_RESPONSE|WebSocket connection/

dashboardSuite('the dashboard in hard times', { processes, expected }, (dashboard) => {
  const connection = (page: Page): Promise<string | null> =>
    page.getByTestId('connection-state').getAttribute('data-state')

  test('the hub is killed and started again: no line is missing in the page, none is there twice', async (t) => {
    const cards = await dashboard.open('/processes')
    const logs = await dashboard.open('/logs?sources=fast')
    const arrived = async (): Promise<number> => Number(await logs.getByTestId('log-list').getAttribute('data-arrived'))
    await until('cards', async () => numbersOf(await cardLines(cards, 'slow')).length > 2)
    const seen = await cardLines(cards, 'slow')
    for (let times = 0; times < 2; times++) {
      const before = await until('lines', arrived)
      await dashboard.hub.kill()
      for (const page of [cards, logs])
        await until('a page that knows', async () => (await connection(page)) === 'reconnecting')
      await sleep(1000)
      await dashboard.hub.start()
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

    await stopProcess(dashboard.hub, 'fast')
    const { records } = await dashboard.hub.client.search({ query: 'source:fast "n="', limit: 1 })
    const rows = await allRows(logs)
    assertAscending(rows, 'Logs')
    const numbers = numbersOf(rows)
    assert.equal(numbers[0], 0)
    assertConsecutive(numbers, 'Logs')
    assert.equal(`n=${numbers.at(-1)}`, records[0]!.message)
    t.diagnostic(`${numbers.length} lines, each once, across two kills of the hub`)
  })

  test(`${burstRate} lines/s: every line is accounted for, the page answers, other cards rest`, async (t) => {
    const logs = await dashboard.open('/logs?sources=burst')
    const cards = await dashboard.open('/processes')
    await until('a calm card', async () => (await cardLines(cards, 'slow')).length > 0)
    await logs.evaluate(watch)
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
    const pause = logs.getByTestId('pause-button')
    for (const pressed of ['true', 'false', 'true', 'false']) {
      await pause.click()
      await until('the answer', async () => (await pause.getAttribute('aria-pressed')) === pressed)
      await sleep(300)
    }
    assert.ok((await arrived()) < burstLines, 'all of this happened during the flood')
    assert.ok((await cardLines(cards, 'burst')).length <= 100)
    const heldBack = await cardOf(cards, 'burst').getByTestId('card-held-back').textContent()
    assert.match(heldBack!, /^\+\d+,\d+ lines held back/)
    const rested = (await renders()) - before.renders
    const own = (await cardLines(cards, 'slow')).filter(({ id }) => id > before.last).length

    const { records } = await until('the last line in the store', async () => {
      const found = await dashboard.hub.client.search({ query: `source:burst "n=${burstLines - 1}"`, limit: 1 })
      return found.records.length === 1 && found
    })
    // The process's lines, and the events of its start and end.
    await until('all accounted for', async () => (await arrived()) === burstLines + 2)
    assert.equal(records[0]!.message, `n=${burstLines - 1}`)
    await until('the newest in sight', async () => (await list.textContent())!.includes(`n=${burstLines - 1}`))
    const { answersMs = [], longTasksMs = [] } = (await logs.evaluate('watched')) as Record<string, number[]>
    const longest = longTasksMs.toSorted((one, other) => other - one).slice(0, 5)
    assert.equal(answersMs.length, 4)
    t.diagnostic(`clicks answered after ${answersMs.join(', ')} ms`)
    t.diagnostic(`${longTasksMs.length} long tasks, the longest: ${longest.join(', ') || 'none'} ms`)
    t.diagnostic(`the calm card was drawn ${rested} times for ${own} lines`)
    assert.ok(Math.max(...answersMs) < 2000, `clicks were answered after ${answersMs.join(', ')} ms`)
    assert.ok(rested <= own + 3, `the calm card was drawn ${rested} times for ${own} lines`)
  })
})
