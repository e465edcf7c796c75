// What holds for the whole dashboard: keys, themes, phones, and that what processes print is text and nothing else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator } from 'playwright-core'
import { dashboardSuite } from './dashboard-suite.ts'
import { printLines, printOnce } from './print-lines.ts'
import { cardLines, cardOf, rowsInSight, until } from './read-page.ts'

const processes = {
  ticker: { command: printLines(50) },
  levels: { command: printOnce('INFO: order 7 is paid', 'CRITICAL: out of paper') },
  hostile: {
    command: printOnce(
      '<img src=x onerror="globalThis.harmed=1"><b>bold</b>',
      String.raw`\033]0;owned\007\033[2J\033[1;1Hafter a title`,
      String.raw`\033]8;;javascript:globalThis.harmed=1\007a link\033]8;;\007`,
      String.raw`\033[31mred\033[0m plain`,
      '{"level":"info","msg":"<script>globalThis.harmed=1</script>","user":"<i>field</i>"}',
    ),
  },
}

dashboardSuite('the dashboard', { processes }, (dashboard) => {
  test('keys: pages, search, pause', async () => {
    const page = await dashboard.open('/processes')
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
    const page = await dashboard.open('/processes', { colorScheme: 'light' })
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

  test('on a phone everything is within reach', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
    const page = await dashboard.open('/processes', phone)
    const reachable = (what: Locator): Promise<boolean> =>
      until('something within the screen', async () => {
        const { x, width } = (await what.boundingBox())!
        assert.ok(x >= 0 && x + width <= 390, `${String(what)} reaches from ${x} to ${x + width}`)
        return true
      })
    await cardOf(page, 'levels').getByTestId('view-all').tap()
    await page.waitForURL('**/logs?sources=levels')
    await until('rows', async () => (await rowsInSight(page)).length === 3)
    for (const id of ['theme-switch', 'query-input', 'pause-button', 'log-list']) await reachable(page.getByTestId(id))
    await page.getByText('out of paper').tap()
    await reachable(page.getByRole('button', { name: 'Close details' }))
    await page.getByRole('button', { name: 'Close details' }).tap()
    await page.getByRole('link', { name: 'Processes' }).tap()
    await reachable(cardOf(page, 'levels'))
    await reachable(cardOf(page, 'levels').getByTestId('card-stop'))
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390)
  })

  test('what a process prints is text: no markup, no terminal command', async () => {
    const page = await dashboard.open('/processes')
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

    await page.goto(`${dashboard.hub.url}/logs?sources=hostile`)
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
