// The dashboard in a real browser, on a real hub with real processes: what its users do with it, one thing after another.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { after, afterEach, before, suite, test } from 'node:test'
import type { Page } from 'playwright-core'
import { requireTool } from '../../scripts/ensure-system.ts'
import { isAlive, startHub, type HubProcess } from '../hub-process.ts'
import { openBrowser, type TestBrowser, type TestPage } from './open-page.ts'
import {
  allRows,
  assertAscending,
  assertConsecutive,
  cardLines,
  cardOf,
  numbersOf,
  rowsInSight,
  until,
} from './read-page.ts'
import { stopProcess } from './stop-process.ts'

const printLines = (...args: number[]): string[] => [
  process.execPath,
  path.join(import.meta.dirname, 'print-lines.ts'),
  ...args.map(String),
]
const sayOnce = (text: string): string[] => ['sh', '-c', `printf '${text}'; exec sleep 1000`]

const processes = {
  ticker: { command: printLines(20) },
  counter: { command: printLines(100) },
  short_job: { command: printLines(1000, 150), restart: 'never' },
  levels: {
    command: sayOnce(
      String.raw`DEBUG: cache is warm\nINFO: order 7 is paid\nWARNING: stock is low\nERROR: connection refused by 10.0.0.1\nCRITICAL: out of paper\n`,
    ),
  },
  hostile: {
    command: sayOnce(
      String.raw`<img src=x onerror="globalThis.harmed=1"><b>bold</b>\n\033]0;owned\007\033[2J\033[1;1Hafter a title\n\033]8;;javascript:globalThis.harmed=1\007a link\033]8;;\007\n\033[31mred\033[0m plain\n{"level":"info","msg":"<script>globalThis.harmed=1</script>","user":"<i>field</i>"}\n`,
    ),
  },
}

suite('the dashboard', requireTool('chromium'), () => {
  let hub: HubProcess
  let browser: TestBrowser
  let opened: TestPage | undefined

  before(async () => {
    ;[hub, browser] = await Promise.all([startHub({ processes }), openBrowser()])
  })
  after(async () => {
    await browser?.close()
    await hub?.close()
  })
  afterEach(async () => {
    const faults = opened?.faults
    await opened?.close()
    opened = undefined
    assert.deepEqual(faults, [], 'the page itself found nothing to complain about')
  })

  async function open(address: string, options = {}): Promise<Page> {
    opened = await browser.openPage(hub.url + address, options)
    return opened.page
  }
  const pidOf = async (page: Page, source: string): Promise<number> => {
    const status = await cardOf(page, source).getByTestId('card-status').textContent()
    return Number(/\(PID: (\d+)\)/.exec(status ?? '')?.[1])
  }
  const waitForState = (page: Page, source: string, state: string): Promise<boolean> =>
    until(`${source} ${state}`, async () => (await cardOf(page, source).getAttribute('data-state')) === state)

  test('a card per process: who it is, how it is, and its lines as they come', async () => {
    const page = await open('/')
    await until('all cards', async () => (await page.getByTestId('process-card').count()) === 5)
    const ticker = cardOf(page, 'ticker')
    assert.equal(await ticker.getByRole('heading').textContent(), 'Ticker Process')
    assert.match((await ticker.getByTestId('card-status').textContent())!, /^Status: ✅ Running \(PID: \d+\)/)
    assert.ok(isAlive(await pidOf(page, 'ticker')))
    const seen = await until('lines', async () => {
      const lines = await cardLines(page, 'ticker')
      return numbersOf(lines).length > 3 && lines
    })
    const later = await until('more lines, by themselves', async () => {
      const lines = await cardLines(page, 'ticker')
      return lines.length > seen.length + 5 && lines
    })
    assert.deepEqual(later.filter(({ id }) => id >= seen[0]!.id).slice(0, seen.length), seen)
    assert.match(later.at(-1)!.text, /^\d\d:\d\d:\d\d INFO: n=\d+$/)
    assertConsecutive(numbersOf(later), 'ticker')
    await until('CPU and memory', async () => {
      const [cpu, memory] = [ticker.getByTestId('card-cpu'), ticker.getByTestId('card-memory')]
      return /%/.test((await cpu.textContent())!) && /MB/.test((await memory.textContent())!)
    })
  })

  test('the log file is named and its path can be copied', async () => {
    const page = await open('/processes', { permissions: ['clipboard-read', 'clipboard-write'] })
    const card = cardOf(page, 'ticker')
    const file = (await card.getByTestId('card-log-file').textContent())!.replace('Log file: ', '')
    assert.equal(file, path.join(hub.directory, '.logboom/logs/ticker.log'))
    assert.match(readFileSync(file, 'utf8'), /n=0\n/)
    await card.getByRole('button', { name: 'Copy path' }).click()
    await card.getByRole('button', { name: 'Copied' }).waitFor()
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), file)
  })

  test('a card holds a hundred entries at most, and a reload refills it from the store', async () => {
    const page = await open('/processes')
    await waitForState(page, 'short_job', 'exited')
    const before = await until('the end of the job', async () => {
      const lines = await cardLines(page, 'short_job')
      return lines.at(-1)?.text.includes('exited') === true && lines
    })
    assert.equal(before.length, 100)
    const numbers = numbersOf(before)
    assertConsecutive(numbers, 'short_job')
    assert.equal(numbers.at(-1), 149)
    await page.reload()
    await until('the card', async () => (await cardLines(page, 'short_job')).length > 0)
    assert.deepEqual(await cardLines(page, 'short_job'), before)
    await until('a hundred of the counter', async () => (await cardLines(page, 'counter')).length === 100)
  })

  test('history and live lines join without a gap, however often the page is opened', async () => {
    const page = await open('/processes')
    for (let times = 0; times < 5; times++) {
      await page.reload()
      await until('lines', async () => (await cardLines(page, 'ticker')).length > 0)
      const last = (await cardLines(page, 'ticker')).at(-1)!.id
      const lines = await until('ten more', async () => {
        const found = await cardLines(page, 'ticker')
        return found.filter(({ id }) => id > last).length > 10 && found
      })
      assertAscending(lines, 'ticker')
      assertConsecutive(numbersOf(lines), 'ticker')
    }
  })

  test('restart, stop and start from the card', async () => {
    const page = await open('/processes')
    const card = cardOf(page, 'ticker')
    await waitForState(page, 'ticker', 'running')
    const first = await pidOf(page, 'ticker')
    await card.getByTestId('card-restart').click()
    const second = await until('another PID', async () => {
      const pid = await pidOf(page, 'ticker')
      return pid > 0 && pid !== first && pid
    })
    assert.ok(!isAlive(first))
    assert.ok(isAlive(second))
    await until('the new run', async () => numbersOf((await cardLines(page, 'ticker')).slice(-4)).includes(2))

    await card.getByTestId('card-stop').click()
    await waitForState(page, 'ticker', 'stopped')
    assert.match((await card.getByTestId('card-status').textContent())!, /^Status: ⏹ Stopped(?!.*PID)/)
    assert.ok(!isAlive(second))
    await card.getByTestId('card-start').click()
    await waitForState(page, 'ticker', 'running')
    assert.ok(isAlive(await pidOf(page, 'ticker')))
  })

  test('level and words inside a card', async () => {
    const page = await open('/processes')
    const card = cardOf(page, 'levels')
    const messages = async (): Promise<string[]> =>
      (await cardLines(page, 'levels')).map(({ text }) => text.replace(/^\S+ /, ''))
    await until('all levels', async () => (await messages()).some((text) => text.includes('paper')))
    await card.getByTestId('card-level').selectOption('ERROR')
    const severe = ['ERROR: ERROR: connection refused by 10.0.0.1', 'CRITICAL: CRITICAL: out of paper']
    await until('two lines', async () => (await messages()).length === 2)
    assert.deepEqual(await messages(), severe)
    await card.getByTestId('card-search').fill('REFUSED')
    await until('one line', async () => (await messages()).length === 1)
    assert.deepEqual(await messages(), severe.slice(0, 1))
    assert.equal(await card.locator('mark').textContent(), 'refused')
  })

  test('View all leads to the lines of this process', async () => {
    const page = await open('/processes')
    await cardOf(page, 'levels').getByTestId('view-all').click()
    await page.waitForURL('**/logs?sources=levels')
    const rows = await until('rows', async () => {
      const found = await rowsInSight(page)
      return found.length >= 6 && found
    })
    assert.equal(rows.at(-1)!.text, 'CRITICAL: out of paper')
    assert.deepEqual(await sources(page), ['levels'])
  })

  test('Logs are live and can be filtered by level and source', async () => {
    const page = await open('/logs')
    const arrived = async (): Promise<number> => Number(await page.getByTestId('log-list').getAttribute('data-arrived'))
    const before = await until('lines', arrived)
    await until('more lines', async () => (await arrived()) > before + 50)

    await page.getByTestId('level-chip-ERROR').click()
    await page.getByTestId('level-chip-CRITICAL').click()
    await until('the address', async () => page.url().endsWith('/logs?levels=ERROR%2CCRITICAL'))
    await until('only those', async () => (await rowsInSight(page)).length === 2)
    const severe = ['ERROR: connection refused by 10.0.0.1', 'CRITICAL: out of paper']
    assert.deepEqual(
      (await rowsInSight(page)).map(({ text }) => text),
      severe,
    )

    await page.getByTestId('level-chip-ERROR').click()
    await page.getByTestId('level-chip-CRITICAL').click()
    await page.getByTestId('source-filter').click()
    await page.getByTestId('source-option-levels').click()
    await page.getByTestId('source-option-hostile').click()
    await page.keyboard.press('Escape')
    await until('two sources', async () => (await sources(page)).join() === 'hostile,levels')
    await page.reload()
    await page.getByTestId('source-filter').getByText('2 sources').waitFor()
  })

  test('search; a query that is wrong says where and what would be right', async () => {
    const page = await open('/logs')
    const input = page.getByTestId('query-input')
    await input.fill('"connection refused" level>=warning')
    await until('the line', async () => (await rowsInSight(page)).length === 1)
    assert.equal((await rowsInSight(page))[0]!.text, 'ERROR: connection refused by 10.0.0.1')
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

  test('a pause holds the page still and counts; resuming shows every line', async () => {
    const page = await open('/logs?sources=counter')
    await until('lines', async () => numbersOf(await rowsInSight(page)).length > 10)
    await page.getByTestId('pause-button').click()
    const held = await rowsInSight(page)
    const count = async (): Promise<number> => Number(await page.getByTestId('paused-count').getAttribute('data-count'))
    await until('300 lines more', async () => (await count()) > 300)
    assert.deepEqual(await rowsInSight(page), held)

    await stopProcess(hub, 'counter')
    const stored = await hub.client.search({ query: 'source:counter', after: held.at(-1)!.id, limit: 10_000 })
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
    await hub.client.control('counter', 'start')
  })

  test('keys: pages, search, pause', async () => {
    const page = await open('/processes')
    await page.getByTestId('process-card').first().waitFor()
    await page.keyboard.press('/')
    assert.equal(await page.getByTestId('process-filter').evaluate((input) => input.matches(':focus')), true)
    await page.keyboard.type('tick')
    await until('one card', async () => (await page.getByTestId('process-card').count()) === 1)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.keyboard.press('2')
    await page.waitForURL('**/logs')
    await until('lines', async () => (await rowsInSight(page)).length > 10)
    await page.keyboard.press('Space')
    await page.getByTestId('paused-count').waitFor()
    await page.keyboard.press('Space')
    await page.getByTestId('paused-count').waitFor({ state: 'detached' })
    await page.keyboard.press('/')
    await page.keyboard.type('a 1 2')
    assert.equal(await page.getByTestId('query-input').inputValue(), 'a 1 2')
    await page.keyboard.press('Escape')
    await page.keyboard.press('1')
    await page.waitForURL('**/processes')
  })

  test('dark and light, remembered', async () => {
    const page = await open('/processes', { colorScheme: 'light' })
    const brightness = async (): Promise<number> => {
      const color = await page.locator('body').evaluate((body) => {
        return body.ownerDocument.defaultView.getComputedStyle(body).backgroundColor as string
      })
      return Math.max(...color.match(/\d+/g)!.map(Number))
    }
    assert.ok((await brightness()) > 200)
    const themeSwitch = page.getByTestId('theme-switch')
    await until('dark', async () => {
      await themeSwitch.click()
      return (await themeSwitch.getAttribute('data-theme-choice')) === 'dark'
    })
    assert.ok((await brightness()) < 60)
    await page.reload()
    assert.ok((await brightness()) < 60, 'before anything is fetched')
  })

  test('what a process prints is text: no markup, no terminal command', async () => {
    const page = await open('/processes')
    const lines = await until('the lines', async () => {
      const found = await cardLines(page, 'hostile')
      return found.length >= 6 && found
    })
    const texts = lines.map(({ text }) => text.replace(/^\S+ \S+ /, ''))
    assert.deepEqual(texts.slice(-5), [
      '<img src=x onerror="globalThis.harmed=1"><b>bold</b>',
      'after a title',
      'a link',
      'red plain',
      '<script>globalThis.harmed=1</script>',
    ])
    const strange = ':is(img, script, b, i, a[href^="javascript"])'
    assert.equal(await page.getByTestId('card-log').locator(strange).count(), 0)

    await page.goto(`${hub.url}/logs?sources=hostile`)
    await until('the rows', async () => (await rowsInSight(page)).length >= 6)
    const list = page.getByTestId('log-list')
    assert.equal(await list.locator(strange).count(), 0)
    const red = list.getByText('red', { exact: true })
    assert.match((await red.getAttribute('style'))!, /color: var\(--ansi-1\)/)
    await list.getByText('<script>globalThis.harmed=1</script>', { exact: true }).click()
    const details = page.getByTestId('details')
    assert.equal(await details.getByTestId('details-message').textContent(), '<script>globalThis.harmed=1</script>')
    await details.getByText('<i>field</i>').waitFor()
    assert.equal(await details.locator(strange).count(), 0)
    assert.equal(await page.evaluate('globalThis.harmed'), undefined)
    assert.match(await page.title(), /Logboom/)
  })
})

/** The sources of the rows in sight, each once, in alphabetical order. */
async function sources(page: Page): Promise<string[]> {
  const names = await page.getByTestId('log-row').evaluateAll((rows) => {
    return rows.map((row) => row.querySelector('[role=gridcell]:nth-of-type(2)')?.getAttribute('title') ?? '')
  })
  return [...new Set<string>(names)].toSorted()
}
