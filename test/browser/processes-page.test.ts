// The cards in a real browser, on a real hub with real processes: what their users do with them.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { isAlive } from '../hub-process.ts'
import { dashboardSuite } from './dashboard-suite.ts'
import { printLines, printOnce } from './print-lines.ts'
import { assertAscending, assertConsecutive, cardLines, cardOf, numbersOf, until } from './read-page.ts'

const levels = printOnce(
  'DEBUG: cache is warm',
  'INFO: order 7 is paid',
  'WARNING: stock is low',
  'ERROR: connection refused by 10.0.0.1',
  'CRITICAL: out of paper',
)
/** A program with the logger as it is installed, which says something at each of two levels. */
const talker = [
  process.execPath,
  '--input-type=module',
  '-e',
  `import { getLoggerFromEnv } from ${JSON.stringify(new URL('../../logger/dist/index.js', import.meta.url).href)}
  const logger = getLoggerFromEnv()
  setInterval(() => { logger.debug('quiet words'); logger.info('loud words') }, 200)`,
]

const processes = {
  talker: { command: talker },
  ticker: { command: printLines(20) },
  counter: { command: printLines(100) },
  short_job: { command: printLines(1000, 150), restart: 'never' },
  levels: { command: levels },
}

dashboardSuite('the Processes page', { processes }, (dashboard) => {
  const pidOf = async (page: Page, source: string): Promise<number> => {
    const status = await cardOf(page, source).getByTestId('card-status').textContent()
    return Number(/\(PID: (\d+)\)/.exec(status ?? '')?.[1])
  }
  const waitForState = (page: Page, source: string, state: string): Promise<boolean> =>
    until(`${source} ${state}`, async () => (await cardOf(page, source).getAttribute('data-state')) === state)

  test('a card per process: who it is, how it is, and its lines as they come', async () => {
    const page = await dashboard.open('/')
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
      return lines.filter(({ id }) => id > seen.at(-1)!.id).length > 5 && lines
    })
    // A card holds the last hundred.
    assert.deepEqual(
      later.filter(({ id }) => id >= seen[0]!.id && id <= seen.at(-1)!.id),
      seen.filter(({ id }) => id >= later[0]!.id),
    )
    assert.match(later.at(-1)!.text, /^\d\d:\d\d:\d\d INFO: n=\d+$/)
    assertConsecutive(numbersOf(later), 'ticker')
    await until('CPU and memory', async () => {
      const [cpu, memory] = [ticker.getByTestId('card-cpu'), ticker.getByTestId('card-memory')]
      return /%/.test((await cpu.textContent())!) && /MB/.test((await memory.textContent())!)
    })
  })

  test('the log file is named and its path can be copied', async () => {
    const page = await dashboard.open('/processes', { permissions: ['clipboard-read', 'clipboard-write'] })
    const card = cardOf(page, 'ticker')
    const file = (await card.getByTestId('card-log-file').textContent())!.replace('Log file: ', '')
    assert.equal(file, path.join(dashboard.hub.directory, '.logboom/logs/ticker.log'))
    assert.match(readFileSync(file, 'utf8'), /n=0\n/)
    await card.getByRole('button', { name: 'Copy path' }).click()
    await card.getByRole('button', { name: 'Copied' }).waitFor()
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), file)
  })

  test('a card holds a hundred entries at most, and a reload refills it from the store', async () => {
    const page = await dashboard.open('/processes')
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
    const page = await dashboard.open('/processes')
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
    const page = await dashboard.open('/processes')
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
    // It counts from the beginning again.
    await until('the new run', async () => {
      const numbers = numbersOf(await cardLines(page, 'ticker'))
      return numbers.some((number, i) => i > 0 && number < numbers[i - 1]!)
    })

    await card.getByTestId('card-stop').click()
    await waitForState(page, 'ticker', 'stopped')
    assert.match((await card.getByTestId('card-status').textContent())!, /^Status: ⏹ Stopped(?!.*PID)/)
    assert.ok(!isAlive(second))
    await card.getByTestId('card-start').click()
    await waitForState(page, 'ticker', 'running')
    assert.ok(isAlive(await pidOf(page, 'ticker')))
  })

  test('the level of a process is set from its card, for everybody and for the loggers in it', async () => {
    const page = await dashboard.open('/')
    const card = cardOf(page, 'talker')
    await until('its line', async () => (await cardLines(page, 'talker')).some(({ text }) => text.includes('loud')))
    const shown = async (text: string): Promise<number> =>
      (await cardLines(page, 'talker')).filter((line) => line.text.includes(text)).length
    assert.equal(await shown('quiet'), 0)
    const choice = card.getByTestId('card-logger-level')
    assert.equal(await choice.inputValue(), 'INFO')
    await choice.selectOption('DEBUG')
    // The program says so only when it has heard of the level.
    await until('what its logger says now', async () => (await shown('quiet')) > 0)
    await choice.selectOption('As configured')
    await until('the level as it was', async () => (await choice.inputValue()) === 'INFO')
  })

  test('level and words inside a card', async () => {
    const page = await dashboard.open('/processes')
    const card = cardOf(page, 'levels')
    const messages = async (): Promise<string[]> =>
      (await cardLines(page, 'levels')).map(({ text }) => text.replace(/^\S+ /, ''))
    await until('all levels', async () => (await messages()).some((text) => text.includes('paper')))
    const isWarm = async (): Promise<boolean> => (await messages()).includes('DEBUG: cache is warm')
    assert.ok(!(await isWarm()))
    await card.getByTestId('card-level').selectOption('DEBUG')
    await until('details, one click away', isWarm)
    await card.getByTestId('card-level').selectOption('ERROR')
    const severe = ['ERROR: connection refused by 10.0.0.1', 'CRITICAL: out of paper']
    await until('two lines', async () => (await messages()).length === 2)
    assert.deepEqual(await messages(), severe)
    await card.getByTestId('card-search').fill('REFUSED')
    await until('one line', async () => (await messages()).length === 1)
    assert.deepEqual(await messages(), severe.slice(0, 1))
    assert.equal(await card.locator('mark').textContent(), 'refused')
  })
})
