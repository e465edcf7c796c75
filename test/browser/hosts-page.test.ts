// Other hosts on the page, in a real browser on a real hub with a real agent: cards that can be controlled, and the page of hosts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepareAgent } from '../agent-process.ts'
import { dashboardSuite } from './dashboard-suite.ts'
import { printLines } from './print-lines.ts'
import { cardOf, until } from './read-page.ts'

dashboardSuite('hosts', { processes: {} }, (dashboard) => {
  test('a host is listed with how far behind it is, and its cards are controlled', async (t) => {
    const none = await dashboard.open('/hosts')
    await none.getByText('No agent has come yet').waitFor()
    assert.equal(await none.getByRole('link', { name: 'Hosts' }).count(), 0)

    const agent = prepareAgent(
      { processes: { web: { command: printLines(2) } } },
      { hub: () => dashboard.hub.url, name: 'edge-1', words: ['--control'] },
    )
    t.after(() => agent.close())
    await agent.start()
    const page = await dashboard.open('/processes')
    const card = cardOf(page, 'edge-1/web')
    await until('it runs', async () => (await card.getAttribute('data-state')) === 'running')
    const status = (): Promise<string | null> => card.getByTestId('card-status').textContent()
    const before = await status()
    await card.getByRole('button', { name: /^Restart/ }).click()
    await until('another PID', async () => {
      const now = await status()
      return /PID/.test(now ?? '') && now !== before
    })

    await page.getByRole('link', { name: 'Hosts' }).click()
    const row = page.getByTestId('host-row')
    await until('it is connected', async () => /edge-1.*Connected/.test((await row.textContent()) ?? ''))
    await agent.end('SIGTERM')
    await until('it is away', async () => (await row.getAttribute('data-connected')) === 'false')
    await row.getByRole('link', { name: 'Lines of edge-1' }).click()
    await page.getByText('started (PID').first().waitFor()
  })
})
