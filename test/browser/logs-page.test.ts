// The Logs page in a real browser, on a real hub with real processes: live, filters, search, pause.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { dashboardSuite } from './dashboard-suite.ts'
import { printLines, printOnce } from './print-lines.ts'
import { allRows, assertAscending, assertConsecutive, cardOf, numbersOf, rowsInSight, until } from './read-page.ts'
import { stopProcess } from './stop-process.ts'

const levels = printOnce(
  'DEBUG: cache is warm',
  'INFO: order 7 is paid',
  'WARNING: stock is low',
  'ERROR: connection refused by 10.0.0.1',
  'CRITICAL: out of paper',
)
const digits = '"sid":9007199254740993,"price":12.50,"in":{"big":1e400,"k":-0,"k":1E5}'

/** Prints records of event times from a minute ago that go backwards, and each that is written to its FIFO. */
const backwards = [
  process.execPath,
  '-e',
  `const at = Date.now() - 60000
  const say = (n) => console.log(JSON.stringify({ level: 'info', time: at - n * 10, msg: 'n=' + (2000 - n) }))
  for (let n = 0; n < 2000; n += 2) say(n)
  setTimeout(() => setInterval(() => {}, 1e6), 1)
  require('child_process').execSync('[ -p late.in ] || mkfifo late.in')
  const { createReadStream } = require('fs')
  const open = () => createReadStream('late.in').on('data', (text) => say(Number(text))).on('close', open)
  open()`,
]

const processes = {
  backwards: { command: backwards },
  counter: { command: printLines(100) },
  other: { command: printOnce('INFO: nothing to do') },
  levels: { command: levels },
  digits: { command: printOnce(`{"level":"info","msg":"digits",${digits}}`) },
}

dashboardSuite('the Logs page', { processes }, (dashboard) => {
  test('View all leads to the lines of this process', async () => {
    const page = await dashboard.open('/processes')
    await cardOf(page, 'levels').getByTestId('view-all').click()
    await page.waitForURL('**/logs?sources=levels')
    const rows = await until('rows', async () => {
      const found = await rowsInSight(page)
      return found.length >= 6 && found
    })
    assert.equal(rows.at(-1)!.text, 'out of paper')
    assert.deepEqual(await sources(page), ['levels'])
  })

  test('numbers have the digits that were printed, and keys all their values', async () => {
    const page = await dashboard.open('/logs?sources=digits')
    const row = page.getByTestId('log-row').filter({ hasText: 'digits' }).last()
    await row.getByText('sid=9007199254740993 price=12.50 in={"big":1e400,"k":-0,"k":1E5}').click()
    const details = page.getByTestId('details')
    for (const text of ['12.50', '1e400', '-0', '1E5']) await details.getByText(text, { exact: true }).waitFor()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await details.getByText('Copy as JSON').click()
    const copied = await until('the copy', () => page.evaluate<string>('navigator.clipboard.readText()'))
    assert.ok(copied.replaceAll(/\s/g, '').includes(`"fields":{${digits}}`), copied)

    await details.getByText('9007199254740993', { exact: true }).click()
    await until('the query', async () => decodeURIComponent(page.url()).includes('fields.sid:9007199254740993'))
    await row.waitFor()
  })

  test('Logs are live and can be filtered by level and source', async () => {
    const page = await dashboard.open('/logs')
    const arrived = async (): Promise<number> => Number(await page.getByTestId('log-list').getAttribute('data-arrived'))
    const before = await until('lines', arrived)
    await until('more lines', async () => (await arrived()) > before + 50)

    await page.getByTestId('level-chip-ERROR').click()
    await page.getByTestId('level-chip-CRITICAL').click()
    await until('the address', async () => page.url().endsWith('/logs?levels=ERROR%2CCRITICAL'))
    await until('only those', async () => (await rowsInSight(page)).length === 2)
    const severe = ['connection refused by 10.0.0.1', 'out of paper']
    assert.deepEqual(
      (await rowsInSight(page)).map(({ text }) => text),
      severe,
    )

    await page.getByTestId('level-chip-ERROR').click()
    await page.getByTestId('level-chip-CRITICAL').click()
    await page.getByTestId('source-filter').click()
    await page.getByTestId('source-option-levels').click()
    await page.getByTestId('source-option-other').click()
    await page.keyboard.press('Escape')
    await until('two sources', async () => (await sources(page)).join() === 'levels,other')
    await page.reload()
    await page.getByTestId('source-filter').getByText('2 sources').waitFor()
  })

  test('search; a query that is wrong says where and what would be right', async () => {
    const page = await dashboard.open('/logs')
    const input = page.getByTestId('query-input')
    await input.fill('"connection refused" level>=warning')
    await until('the line', async () => (await rowsInSight(page)).length === 1)
    assert.equal((await rowsInSight(page))[0]!.text, 'connection refused by 10.0.0.1')
    assert.equal(await page.locator('mark').textContent(), 'connection refused')

    await input.fill('refused level:loud')
    const error = page.getByTestId('query-error')
    await error.waitFor()
    assert.match((await error.textContent())!, /loud.*error/)
    assert.equal(await page.getByTestId('query-error-place').textContent(), 'loud')
    assert.equal(await input.getAttribute('aria-invalid'), 'true')
    await page.getByRole('button', { name: 'Clear the query', exact: true }).first().click()
    await until('lines again', async () => (await rowsInSight(page)).length > 10)
    assert.equal(await error.count(), 0)
  })

  test('lines stand in the order of event time when that is wanted, and late ones come in their midst', async () => {
    const page = await dashboard.open('/logs?sources=backwards&q=kind:system')
    /** From the top. */
    const seen = async (): Promise<number[]> => {
      const rows = await page
        .getByTestId('log-row')
        .evaluateAll((found) =>
          found
            .toSorted((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
            .map((row) => ({ text: row.querySelector('[data-testid=log-message]')?.textContent ?? '' })),
        )
      return numbersOf(rows)
    }
    await until('the lines as they came', async () => (await seen()).at(-1) === 2)
    await page.getByTestId('order-toggle').click()
    await until('the address', () => Promise.resolve(page.url().includes('order=time')))
    await until('the latest', async () => (await seen()).at(-1) === 2000)
    writeFileSync(path.join(dashboard.hub.directory, 'late.in'), '3')
    await until('the late one', async () => (await seen()).slice(-4).join() === '1996,1997,1998,2000')

    await page.keyboard.press('g')
    await until('all older lines', async () => {
      await page.getByTestId('log-list').evaluate((list) => (list.scrollTop = 0))
      return (await seen()).slice(0, 4).join() === '2,4,6,8'
    })
    await page.keyboard.press('G')
    await until('the latest again', async () => (await seen()).slice(-4).join() === '1996,1997,1998,2000')
    await page.keyboard.press('o')
    await until('as they came', async () => (await seen()).at(-1) === 1997)
  })

  test('a pause holds the page still and counts; resuming shows every line', async () => {
    const page = await dashboard.open('/logs?sources=counter')
    await until('lines', async () => numbersOf(await rowsInSight(page)).length > 10)
    await page.getByTestId('pause-button').click()
    const held = await rowsInSight(page)
    const count = async (): Promise<number> => Number(await page.getByTestId('paused-count').getAttribute('data-count'))
    await until('300 lines more', async () => (await count()) > 300)
    assert.deepEqual(await rowsInSight(page), held)

    await stopProcess(dashboard.hub, 'counter')
    const stored = await dashboard.hub.client.search({ query: 'source:counter', after: held.at(-1)!.id, limit: 10_000 })
    await until('all of them are counted', async () => {
      assert.equal(await count(), stored.records.length)
      return true
    })
    assert.deepEqual(await rowsInSight(page), held)
    await page.getByTestId('pause-button').click()
    await until('the newest', async () => {
      assert.equal((await rowsInSight(page)).at(-1)?.id, stored.records[0]!.id)
      return true
    })

    const rows = await allRows(page)
    assertAscending(rows, 'counter')
    const numbers = numbersOf(rows)
    assert.equal(numbers[0], 0)
    assertConsecutive(numbers, 'counter')
    const [last] = numbersOf(stored.records.map(({ message }) => ({ text: message })))
    assert.equal(numbers.at(-1), last)
    await dashboard.hub.client.control('counter', 'start')
  })
})

/** The sources of the rows in sight, each once, in alphabetical order. */
async function sources(page: Page): Promise<string[]> {
  const names = await page.getByTestId('log-row').evaluateAll((rows) => {
    return rows.map((row) => row.querySelector('[role=gridcell]:nth-of-type(2)')?.getAttribute('title') ?? '')
  })
  return [...new Set<string>(names)].toSorted()
}
