// What the suites of browser tests have in common: one hub with real processes and one browser for all tests of a suite,
// pages that are closed after each test, and the demand that they found nothing to complain about.
import assert from 'node:assert/strict'
import { after, afterEach, before, suite } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { requireTool } from '../../scripts/ensure-system.ts'
import { startHub, type HubProcess } from '../hub-process.ts'
import { openBrowser, type TestBrowser, type TestPage } from './open-page.ts'

export interface Dashboard {
  readonly hub: HubProcess
  /** A page of the hub, or any other; closed when the test ends. */
  open(address: string, options?: BrowserContextOptions): Promise<Page>
  /** Faults that the page has found so far, which then count no more. */
  takeFaults(page: Page): string[]
}

interface SuiteOptions {
  /** The configuration's section. */
  processes: Record<string, object>
  /** Complaints of pages that are in order here. */
  expected?: RegExp
}

export function dashboardSuite(
  name: string,
  { processes, expected = /^$/ }: SuiteOptions,
  define: (dashboard: Dashboard) => void,
): void {
  suite(name, requireTool('chromium'), () => {
    let hub: HubProcess
    let browser: TestBrowser
    let pages: TestPage[] = []
    before(async () => {
      const opening = openBrowser().then((opened) => (browser = opened))
      try {
        hub = await startHub({ processes })
      } finally {
        // A browser whose hub does not start is closed all the same.
        await opening
      }
    })
    after(async () => {
      await browser?.close()
      await hub?.close()
    })
    afterEach(async () => {
      const faults = pages.flatMap((opened) => opened.faults)
      for (const opened of pages) await opened.close()
      pages = []
      assert.deepEqual(
        faults.filter((fault) => !expected.test(fault)),
        [],
        'faults that the page itself found',
      )
    })
    define({
      get hub() {
        return hub
      },
      async open(address, options) {
        const opened = await browser.openPage(new URL(address, hub.url).href, options)
        pages.push(opened)
        return opened.page
      },
      takeFaults: (page) => pages.find((opened) => opened.page === page)?.faults.splice(0) ?? [],
    })
  })
}
