// Cards of containers in a real browser, on a real hub with a real engine.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { requireTool } from '../../scripts/ensure-system.ts'
import { startHub, type HubProcess } from '../hub-process.ts'
import { openDaemon, type Daemon } from '../system/docker/open-daemon.ts'
import { openBrowser, type TestBrowser } from './open-page.ts'
import { cardLines, cardOf, until } from './read-page.ts'

describe('cards of containers', requireTool('dockerd', 'docker', 'busybox', 'chromium'), () => {
  let daemon: Daemon
  let hub: HubProcess
  let browser: TestBrowser
  before(async () => {
    daemon = await openDaemon()
    const docker = {
      ours: { host: daemon.socket, control: true },
      theirs: { host: daemon.socket, containers: 'nobody' },
    }
    hub = await startHub({ docker })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await hub?.close()
    await daemon?.close()
  })

  test('a container comes, is stopped, started and removed; its card tells', async () => {
    const { page, faults, close } = await browser.openPage(hub.url)
    await daemon.run(
      'shop-api',
      'trap "exit 0" TERM; i=0; while true; do i=$((i+1)); echo "request $i"; sleep 0.1; done',
      '--label=com.docker.compose.project=shop',
    )
    await until('its card', () => cardOf(page, 'shop-api').isVisible())
    await until('its lines', async () => (await cardLines(page, 'shop-api')).length > 3)
    await until('what it uses', async () => /kB|MB/.test((await text(page, 'card-memory')) ?? ''))
    assert.match((await text(page, 'card-status'))!, /Running.*up .*busybox/)
    await click(page, 'stop', 'stopped')
    await click(page, 'start', 'running')
    await until(
      'a new run',
      async () => (await cardLines(page, 'shop-api')).filter(({ text: line }) => /started/.test(line)).length === 2,
    )
    await daemon.docker('rm', '-f', 'shop-api')
    await until('removed', async () => /removed/.test((await text(page, 'card-status')) ?? ''))
    // An engine is nothing that could be stopped.
    assert.equal(await cardOf(page, 'ours').getByTestId('card-stop').count(), 0)
    assert.deepEqual(faults, [])
    await close()
  })

  const text = (page: Page, id: string): Promise<string | null> =>
    cardOf(page, 'shop-api')
      .getByTestId(id)
      .textContent({ timeout: 5000 })
      .catch(() => null)

  async function click(page: Page, action: string, state: string): Promise<void> {
    await cardOf(page, 'shop-api').getByTestId(`card-${action}`).click()
    await until(state, async () => (await cardOf(page, 'shop-api').getAttribute('data-state')) === state)
  }
})
