// Makes the README's pictures: runs the shop for a while and photographs its dashboard. `node scripts/take-picture.ts`,
// after a change of the dashboard; look at the pictures before they are committed. With a folder as argument it puts
// there, too, what else one should look at: the light theme, and a phone.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { readHubFile } from '../src/hub/hub-file.ts'
import { openBrowser } from '../test/browser/open-page.ts'
import { freePort } from '../test/free-port.ts'
import './ensure-dashboard.ts'

const root = path.resolve(import.meta.dirname, '..')
const pictures = path.join(root, 'docs/images')
/** The place's name stands in the pictures. */
const place = path.join(tmpdir(), 'shop')
/** The first report comes after 8 s, the first rush of customers after 20. */
const businessMs = 26_000
/** The supplier's feed crashes within a minute or two; a picture of a quiet day would tell little. */
const patienceMs = 180_000

async function openShop(): Promise<{ url: string; close(): Promise<void> }> {
  await mkdir(place)
  // A copy, so that the pictures name no folder of whoever takes them.
  await cp(path.join(root, 'examples/shop'), place, { recursive: true, filter: (file) => !file.endsWith('.logboom') })
  await symlink(path.join(root, 'node_modules'), path.join(place, 'node_modules'))
  const words = ['up', '--port', '0', '--no-attach']
  const env = { ...process.env, SHOP_PORT: String(await freePort()) }
  const hub = spawn(process.execPath, [path.join(root, 'bin/logboom.js'), ...words], {
    cwd: place,
    env,
    stdio: 'inherit',
  })
  const close = async (): Promise<void> => {
    if (hub.exitCode === null && hub.kill('SIGTERM')) await once(hub, 'exit')
    await rm(place, { recursive: true })
  }
  while (hub.exitCode === null) {
    const file = readHubFile(path.join(place, '.logboom'))
    if (file) return { url: file.url, close }
    await sleep(50)
  }
  await close()
  throw new Error('The shop could not be opened.')
}

/** Takes pictures of both pages into `folder`, as they are after a moment's rest. */
async function photograph(page: Page, folder: string, suffix: string): Promise<void> {
  const shoot = async (name: string): Promise<void> => {
    await page.mouse.move(0, 0)
    await sleep(1500)
    await page.screenshot({ path: path.join(folder, `${name}${suffix}.png`) })
  }
  await page.getByTestId('card-line').first().waitFor()
  await shoot('processes')
  await page.getByRole('link', { name: 'Logs', exact: true }).click()
  const rows = page.getByTestId('log-row')
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(100)) {
    const places = await rows.filter({ hasText: /WARN|ERROR/ }).evaluateAll((troubled) => {
      return troubled.map((row) => Number(row.getBoundingClientRect().bottom))
    })
    if (places.some((bottom) => bottom > page.viewportSize()!.height * 0.75)) break
  }
  // Details of a line that has something to tell, where there is room for them.
  if (page.viewportSize()!.width > 1000) {
    await rows
      .filter({ hasText: /order \S+ placed/ })
      .last()
      .dispatchEvent('click')
    await page.getByTestId('details').waitFor()
  }
  await shoot('logs')
}

const others = process.argv[2]
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const otherLooks: [suffix: string, options: BrowserContextOptions][] = [
  ['-light', { colorScheme: 'light' }],
  ['-phone', { colorScheme: 'dark', ...phone }],
  ['-phone-light', { colorScheme: 'light', ...phone }],
]
await mkdir(pictures, { recursive: true })
const shop = await openShop()
try {
  const browser = await openBrowser()
  try {
    // Open all the while, so that the curves have something to show.
    const { page } = await browser.openPage(`${shop.url}/processes`, { colorScheme: 'dark' })
    await sleep(businessMs)
    const feed = page.locator('[data-source=supplier_feed]')
    await feed.getByTestId('card-restarts').filter({ hasNotText: /^0/ }).waitFor({ timeout: patienceMs })
    await sleep(8000)
    await photograph(page, pictures, '')
    for (const [suffix, options] of others ? otherLooks : []) {
      const look = await browser.openPage(`${shop.url}/processes`, options)
      await photograph(look.page, others!, suffix)
      await look.close()
    }
  } finally {
    await browser.close()
  }
} finally {
  await shop.close()
}
