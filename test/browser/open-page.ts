// A real Chromium for the tests of the dashboard and for its pictures: how it is started, and pages that remember what
// went wrong in them.
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { findTool } from '../../scripts/ensure-system.ts'

export interface TestBrowser {
  /** Each page is somebody else's: no cookies, no storage, no history of another. */
  openPage(url: string, options?: BrowserContextOptions): Promise<TestPage>
  close(): Promise<void>
}

export interface TestPage {
  page: Page
  /** What the page threw or complained about in its console, and dialogs it opened. */
  faults: string[]
  close(): Promise<void>
}

/** Playwright gives it an empty profile and removes it afterwards. */
const options = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Says in the console, and so among the faults, whatever the page's content security policy has refused. */
const tellViolations = `addEventListener('securitypolicyviolation', (event) => {
  console.error('refused by the policy:', event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber)
})`

export async function openBrowser(): Promise<TestBrowser> {
  const executablePath = findTool('chromium')
  if (!executablePath) throw new Error('There is no Chromium on this machine.')
  const browser: Browser = await chromium.launch({ executablePath, headless: true, args: options })
  return {
    async openPage(url, contextOptions = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...contextOptions })
      const page = await context.newPage()
      const faults: string[] = []
      await page.addInitScript(tellViolations)
      page.on('pageerror', (error) => faults.push(String(error)))
      page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())))
      page.on('dialog', (dialog) => {
        faults.push(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      await page.goto(url)
      return { page, faults, close: () => context.close() }
    },
    close: () => browser.close(),
  }
}
