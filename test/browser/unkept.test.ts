// While the disk is full both pages show what is captured, marked as not kept; when it is over the same lines stand there as
// any others.
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { requireMount, requireTool } from '../../scripts/ensure-system.ts'
import { prepareHub, type HubProcess } from '../hub-process.ts'
import { mountSmallDisk, type SmallDisk } from '../system/small-disk.ts'
import { openBrowser, type TestBrowser } from './open-page.ts'
import { printLines } from './print-lines.ts'
import { allRows, assertConsecutive, cardLines, cardOf, numbersOf, until } from './read-page.ts'

const { skip } = [requireMount(), requireTool('chromium')].find((each) => each.skip) ?? {}

suite('lines that are not kept', { skip: skip ?? false }, () => {
  let hub: HubProcess
  let disk: SmallDisk
  let browser: TestBrowser
  before(async () => {
    hub = prepareHub({ processes: { ticker: { command: printLines(20) } } })
    disk = mountSmallDisk(hub.stateDirectory, 64)
    const opening = openBrowser().then((opened) => (browser = opened))
    await hub.start()
    await opening
  })
  after(async () => {
    await browser?.close()
    disk.unmount()
    await hub.close()
  })

  test('on the page of lines and on the card, marked, and taken back', async () => {
    const pages = await Promise.all(
      ['/logs?sources=ticker', '/processes'].map((address) => browser.openPage(hub.url + address)),
    )
    const [logs, cards] = pages.map(({ page }) => page) as [(typeof pages)[0]['page'], (typeof pages)[0]['page']]
    await until('lines on the page', async () => (await logs.getByTestId('log-row').count()) > 5)
    await until('lines on the card', async () => (await cardLines(cards, 'ticker')).length > 5)
    disk.fill()
    const unkeptRows = logs.getByTestId('unkept-row')
    const unkeptLines = cardOf(cards, 'ticker').getByTestId('unkept-line')
    await until('marked lines on the page', async () => (await unkeptRows.count()) > 10)
    await until('marked lines on the card', async () => (await unkeptLines.count()) > 10)
    for (const marked of [unkeptRows, unkeptLines])
      assert.match((await marked.last().textContent())!, /not kept yet.*n=\d+/)
    assert.equal(await logs.getByTestId('log-row').getByTestId('not-kept').count(), 0)
    const pictures = process.env['PICTURES']
    if (pictures)
      for (const [name, page] of Object.entries({ logs, cards }))
        for (const scheme of ['dark', 'light'] as const) {
          await page.emulateMedia({ colorScheme: scheme })
          await page.screenshot({ path: `${pictures}/${name}-${scheme}.png` })
        }

    // Paused, nothing moves, and what is shown stays marked.
    await logs.getByTestId('pause-button').click()
    const held = await unkeptRows.last().textContent()
    const shown = await unkeptLines.count()
    await until('the card goes on', async () => (await unkeptLines.count()) >= Math.min(99, shown + 10))
    assert.equal(await unkeptRows.last().textContent(), held)
    // A page that is opened meanwhile sees what waits.
    await cards.reload()
    await until('marked lines after a reload', async () => (await unkeptLines.count()) > 10)

    disk.free()
    await until('nothing is marked on the card', async () => (await unkeptLines.count()) === 0)
    assert.equal(await unkeptRows.last().textContent(), held)
    await hub.client.control('ticker', 'stop')
    await logs.getByTestId('pause-button').click()
    await until('nothing is marked on the page', async () => (await unkeptRows.count()) === 0)
    assertConsecutive(numbersOf(await cardLines(cards, 'ticker')), 'the card')
    assertConsecutive(numbersOf(await allRows(logs)), 'the page')
    for (const { faults, close } of pages) {
      assert.deepEqual(faults, [])
      await close()
    }
  })
})
