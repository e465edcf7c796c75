// What a card shows is decided by the hub: the same lines from the store and live, and repeats that are counted once for all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { dashboardSuite } from './dashboard-suite.ts'
import { cardLines, cardOf, rowsInSight, until, type ShownLine } from './read-page.ts'

/** The command that prints these lines again and again, each with the number of the round in place of `%d`. */
const printRounds = (...lines: string[]): string[] => [
  'sh',
  '-c',
  `n=0; while :; do ${lines.map((line) => `printf '${line}\\n' $n;`).join(' ')} n=$((n + 1)); sleep 0.2; done`,
]

const processes = {
  shop: {
    command: printRounds(
      '{"level":"info","msg":"paid %d","user":"ann"}',
      '{"level":"info","logger":"audit.orders","msg":"checked %d"}',
      String.raw`connection \033[31mref\033[0mused %d`,
      'nothing special %d',
    ),
  },
  ticker: { command: printRounds('tick') },
}

dashboardSuite('filters and repeats of cards', { processes }, (dashboard) => {
  for (const [text, message] of [
    ['user:ann -special', /paid \d+$/],
    ['audit', /checked \d+$/],
    ['(message:/^conn.*ref/ OR "no such") refused', /connection refused \d+$/],
  ] as const)
    test(`a card filtered by "${text}" shows the same lines from the store and live`, async () => {
      const page = await dashboard.open('/processes')
      await cardOf(page, 'shop').getByTestId('card-search').fill(text)
      const stored = await until('lines that are stored', async () => {
        const lines = await printed(page)
        return lines.length > 0 && lines.every((line) => message.test(line.text)) && lines
      })
      const lines = await until('lines that come live', async () => {
        const found = await printed(page)
        return found.filter(({ id }) => id > stored.at(-1)!.id).length > 5 && found
      })
      for (const line of lines) assert.match(line.text, message)
    })

  test('a filter that is not understood is told as on the Logs page, until it is right', async () => {
    const page = await dashboard.open('/processes')
    const card = cardOf(page, 'shop')
    const field = card.getByTestId('card-search')
    const problem = card.getByTestId('card-query-error')
    for (const wrong of ['  paid level:nonsense', '(paid']) {
      await field.fill(wrong)
      await problem.waitFor()
      const other = await dashboard.open(`/logs?q=${encodeURIComponent(wrong)}`)
      await other.getByTestId('query-error').waitFor()
      const texts = async (): Promise<(string | null)[]> => [
        await other.getByTestId('query-error').textContent(),
        await other.getByTestId('query-error-place').textContent(),
      ]
      const shown = async (): Promise<(string | null)[]> => [
        await problem.textContent(),
        await card.getByTestId('query-error-place').textContent(),
      ]
      await until('the same error', async () => {
        const [own, others] = [String(await shown()), String(await texts())]
        if (own !== others) throw new Error(`${own} is not ${others}`)
        return true
      })
      assert.equal(await field.getAttribute('aria-invalid'), 'true')
      await other.close()
    }
    await field.fill('paid')
    await problem.waitFor({ state: 'detached' })
    await until('lines again', async () => (await printed(page)).length > 0)
  })

  test('"View all" takes the filter along; each field says whose it is', async () => {
    const page = await dashboard.open('/processes')
    const card = cardOf(page, 'shop')
    await card.getByTestId('card-level').selectOption('INFO')
    await card.getByTestId('card-search').fill('user:ann OR "nothing special"')
    await until('what matches', async () => (await printed(page)).length > 0)
    const names = await page
      .getByRole('article')
      .getByRole('searchbox')
      .evaluateAll((fields) => fields.map((field) => field.ariaLabel))
    assert.deepEqual(names, ['Search the lines of Shop Process', 'Search the lines of Ticker Process'])
    await card.getByTestId('view-all').click()
    const query = page.getByTestId('query-input')
    await query.waitFor()
    assert.equal(await query.inputValue(), 'user:ann OR "nothing special"')
    const { searchParams } = new URL(page.url())
    assert.deepEqual(Object.fromEntries(searchParams), {
      q: 'user:ann OR "nothing special"',
      levels: 'INFO,WARNING,ERROR,CRITICAL',
      sources: 'shop',
    })
    const rows = await until('lines', async () => {
      const found = await rowsInSight(page)
      return found.length > 5 && found
    })
    for (const { text } of rows) assert.match(text, /^(paid \d+ .*user=ann|nothing special \d+|started.*)$/)
  })

  test('repeats are counted on the newest, through a reload, and not into another run', async () => {
    const page = await dashboard.open('/processes')
    const before = await ticks(page, (shown) => shown.repeats > 8)
    const later = await ticks(page, (shown) => shown.repeats > before.repeats + 8)
    assert.equal(later.count, 1)
    assert.ok(later.line.id > before.line.id, 'the newest stands for all')
    await page.reload()
    const reloaded = await ticks(page, () => true)
    assert.ok(reloaded.repeats >= later.repeats, `${reloaded.repeats} after ${later.repeats}`)
    await cardOf(page, 'ticker').getByTestId('card-restart').click()
    const other = await ticks(page, (shown) => shown.count > 1 && shown.repeats > 3)
    assert.ok(other.repeats < reloaded.repeats)
  })
})

/** The lines of the shop without the event of its start, which has the command among its fields and so every word of it. */
async function printed(page: Page): Promise<ShownLine[]> {
  return (await cardLines(page, 'shop')).filter(({ text }) => !/: started/.test(text))
}

/** The newest `tick` of the card, how often it is said to have come, and how many lines say `tick`. */
async function ticks(
  page: Page,
  isEnough: (shown: { line: ShownLine; repeats: number; count: number }) => boolean,
): Promise<{ line: ShownLine; repeats: number; count: number }> {
  return until('ticks', async () => {
    const found = (await cardLines(page, 'ticker')).filter(({ text }) => text.includes('tick'))
    const line = found.at(-1)!
    const shown = { line, repeats: Number(/×([\d,]+)$/.exec(line.text)?.[1]?.replaceAll(',', '')), count: found.length }
    return shown.repeats > 0 && isEnough(shown) && shown
  })
}
