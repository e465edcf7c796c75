// The pages of what was done and what has run, in a real browser: system and audit lines side by side, jobs with their lines by
// stream, and the lists of jobs, runs and sessions. All on one hub, with real processes and an orchestrator.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { openOrchestrator, type Orchestrator } from '../system/orchestrator.ts'
import { dashboardSuite } from './dashboard-suite.ts'
import { printLines, printOnce } from './print-lines.ts'
import { numbersOf, rowsInSight, until } from './read-page.ts'

const shop = printOnce(
  '{"level":"info","logger":"shop.api","msg":"order 7 placed"}',
  '{"level":"warn","logger":"shop.worker","msg":"mail waits"}',
  '{"level":"info","logger":"audit.shop","msg":"worker-3 started","action":"instance_spawn","metadata":{"instance_id":"worker-3","pid":7}}',
  '[AUDIT] printed by hand',
)

const processes = {
  shop: { command: shop },
  counter: { command: printLines(50) },
  broken: { command: ['sh', '-c', 'echo begins; echo ends badly >&2; exit 3'], restart: 'never' },
}

/** The hub is killed under one of the pages, a query is wrong, and another user finds what is not theirs. */
const expected = /WebSocket connection|ERR_CONNECTION|status of 40[01]/

dashboardSuite('what was done, and what has run', { processes, expected }, (dashboard) => {
  const texts = async (place: Page | Locator): Promise<string[]> =>
    (await rowsInSight(place)).map(({ text }) => text.trim())

  test('system and audit are live side by side, each with its filters, its pause and its counts', async () => {
    const page = await dashboard.open('/processes')
    await page.getByRole('heading', { name: 'Shop Process' }).waitFor()
    await page.keyboard.press('3')
    await page.waitForURL('**/audit')
    const [system, audit] = [page.getByTestId('panel-system'), page.getByTestId('panel-audit')]
    const started = audit.getByTestId('log-row').filter({ hasText: 'worker-3 started' })
    await started.waitFor()
    assert.equal(await started.getByTestId('audit-action').textContent(), 'instance_spawn')
    assert.equal(await started.getByTestId('log-fields').textContent(), 'instance_id=worker-3 pid=7')
    await audit.getByText('[AUDIT] printed by hand').waitFor()
    await until('system lines', async () => numbersOf(await rowsInSight(system)).length > 10)
    assert.ok(!(await texts(system)).some((text) => /worker-3 started|by hand/.test(text)))
    assert.ok(!(await texts(audit)).some((text) => /n=\d/.test(text)))

    await system.getByTestId('system-module').fill('shop')
    await until('lines of shop alone', async () => (await texts(system)).includes('mail waits'))
    assert.equal(numbersOf(await rowsInSight(system)).length, 0)
    await system.getByTestId('level-step-WARNING').click()
    await until('the warning alone', async () => (await texts(system)).join() === 'mail waits')
    await until('info lines are counted all the same', async () => {
      const query = '-kind:audit level:info (logger:shop.* OR source:shop)'
      const { count } = await dashboard.hub.client.summary({ query })
      assert.equal(await system.getByTestId('level-step-INFO').getAttribute('data-count'), String(count))
      assert.equal(await system.getByTestId('panel-count').textContent(), '1 line')
      return count > 0
    })
    assert.ok(
      (await texts(audit)).some((text) => text.includes('worker-3')),
      'the other panel has its own filters',
    )
    await page.reload()
    await until('the same after a reload', async () => (await texts(system)).join() === 'mail waits')

    await system.getByTestId('level-step-DEBUG').click()
    await system.getByTestId('system-module').fill('counter')
    await until('numbers', async () => numbersOf(await rowsInSight(system)).length > 10)
    await page.getByTestId('panel-system').getByTestId('log-list').focus()
    await page.keyboard.press('p')
    const held = await until('rows that stand', async () => {
      const before = await rowsInSight(system)
      return (await system.getByTestId('paused-count').count()) === 1 && before
    })
    await until('more is counted', async () => {
      return Number(await system.getByTestId('paused-count').getAttribute('data-count')) > 50
    })
    assert.deepEqual(await rowsInSight(system), held)
    await dashboard.hub.client.control('broken', 'restart')
    const restarted = audit.getByTestId('log-row').filter({ hasText: 'control by local' }).last()
    await restarted.waitFor()
    await restarted.click()
    await audit.getByTestId('details').getByText('audit.orchestrator').waitFor()
    await page.keyboard.press('Escape')
    await audit.getByTestId('details').waitFor({ state: 'detached' })
    await page.keyboard.press('p')
    await until('the newest', async () => (await rowsInSight(system)).at(-1)!.id > held.at(-1)!.id)
  })

  test('a phone shows one of the two at a time', async () => {
    const page = await dashboard.open('/audit', { viewport: { width: 390, height: 844 } })
    await page.getByTestId('panel-system').getByTestId('log-row').first().waitFor()
    assert.equal(await page.getByTestId('panel-audit').count(), 0)
    await page.getByTestId('tab-audit').click()
    await page.getByTestId('panel-audit').getByText('worker-3 started').waitFor()
    assert.equal(await page.getByTestId('panel-system').count(), 0)
    await page.getByTestId('audit-search').fill('level:loud')
    assert.match((await page.getByTestId('view-query-error').textContent())!, /loud.*error/)
    await page.getByTestId('audit-search').fill('')
    await page.getByTestId('panel-audit').getByText('worker-3 started').waitFor()
    assert.equal(new URL(page.url()).search, '?tab=audit')
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
    assert.ok(wide <= 390, `the page is ${wide} px wide`)
  })

  const jobId = 'job/4711 %'
  const jobPath = `/${encodeURIComponent(jobId)}`
  const edge = (): Orchestrator => openOrchestrator('edge-1', () => dashboard.hub.url)
  let sent = 0
  async function post(count: number): Promise<void> {
    const logs = Array.from({ length: count }, () => ({
      message: `n=${sent}`,
      source: sent % 10 === 7 ? 'stderr' : 'stdout',
      level: sent % 10 === 7 ? 'error' : 'info',
      timestamp: new Date().toISOString(),
      sequence: ++sent,
    }))
    const { status } = await edge().ask('POST', `${jobPath}/logs`, { orchestratorId: 'edge-1', logs })
    assert.equal(status, 200)
  }

  test('a job: lines by stream, the newest followed, what became of it, also when the hub was away', async () => {
    const job = { jobId, userId: 'mia', eventId: 'e1', orchestratorId: 'edge-1', name: 'nightly' }
    await edge().ask('POST', '', job)
    await post(100)
    const page = await dashboard.open(`/jobs${jobPath}`)
    await page.getByTestId('run-title').getByText(jobId).waitFor()
    const rows = page.getByTestId('log-row')
    const newest = (): Promise<number | undefined> => rowsInSight(page).then((shown) => numbersOf(shown).at(-1))
    await until('the newest', async () => (await newest()) === 99)
    const row = (text: string): Locator => rows.filter({ has: page.getByText(text, { exact: true }) })
    const signsOf = async (text: string): Promise<(string | null)[]> => [
      await row(text).getByTestId('line-number').textContent(),
      await row(text).getByTestId('line-stream').textContent(),
    ]
    assert.deepEqual(await signsOf('n=97'), ['98', 'err'])
    assert.deepEqual(await signsOf('n=98'), ['99', 'out'])
    const color = (text: string): Promise<string> =>
      row(text)
        .getByTestId('line-stream')
        .evaluate((cell) => cell.ownerDocument.defaultView.getComputedStyle(cell).color)
    assert.notEqual(await color('n=97'), await color('n=98'))

    await post(50)
    await until('it follows', async () => (await newest()) === 149)
    await page.getByTestId('log-list').hover()
    await page.mouse.wheel(0, -300)
    await until('it stays', async () => (await page.getByTestId('follow-button').textContent()) === 'Follow')
    const above = await newest()
    await post(50)
    await page.getByTestId('jump-newest').getByText('50 new').waitFor()
    assert.equal(await newest(), above)
    await page.keyboard.press('e')
    assert.equal(await page.locator('[role=row][aria-selected=true]').getByTestId('line-stream').textContent(), 'err')
    await page.keyboard.press('f')
    await until('it follows again', async () => (await newest()) === 199)

    await page.getByTestId('stream-stderr').click()
    await until('lines of stderr alone', async () => {
      const shown = numbersOf(await rowsInSight(page))
      return shown.length === 20 && shown.every((number) => number % 10 === 7)
    })
    await until('counts of streams', async () => {
      const count = (name: string): Promise<string | null> =>
        page.getByTestId(`stream-${name}`).getAttribute('data-count')
      return [await count('all'), await count('stdout'), await count('stderr')].join() === '200,180,20'
    })
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('d')])
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\n')
    assert.equal(lines.length, 20)
    assert.match(lines[0]!, / nightly \[ERROR\] n=7 sequence=8$/)
    await page.getByTestId('stream-all').click()

    await page.keyboard.press('F')
    await until('the full screen', () => page.evaluate<boolean>('document.fullscreenElement !== null'))
    await page.getByTestId('full-screen').getByText('Leave').waitFor()
    await page.keyboard.press('F')
    await until('no full screen', () => page.evaluate<boolean>('document.fullscreenElement === null'))

    assert.equal(await page.getByTestId('run-status').textContent(), 'Running')
    assert.equal(await page.getByTestId('run-exit').textContent(), 'none yet')
    await dashboard.hub.kill()
    await page.locator('[data-testid=list-state][data-state=waiting]').waitFor()
    await dashboard.hub.start()
    await page.locator('[data-testid=list-state][data-state=live]').waitFor()
    await post(1)
    await until('lines go on', async () => (await newest()) === 200)
    await edge().ask('POST', `${jobPath}/fail`, { details: { exitCode: 3, error: 'no such file' } })
    await page.getByTestId('run-status').getByText('Failed').waitFor()
    assert.equal(await page.getByTestId('run-exit').textContent(), '3')
    assert.equal(await page.getByTestId('run-owner').textContent(), 'mia')
    assert.match((await page.getByTestId('run-levels').textContent())!, /^20 error, 181 info$/)
    await page.getByText('no such file').first().waitFor()
    await page.getByTestId('list-state').getByText('Ended').waitFor()
  })

  test('lists of jobs, runs and sessions lead to the pages of runs and to their lines', async () => {
    const register = (number: number): Promise<unknown> =>
      edge().ask('POST', '', { jobId: `batch-${number}`, userId: 'ben', orchestratorId: 'edge-1', name: 'batch' })
    await Promise.all(Array.from({ length: 59 }, (_, number) => register(number)))
    await register(59)
    const page = await dashboard.open('/processes')
    await page.getByRole('heading', { name: 'Shop Process' }).waitFor()
    await page.keyboard.press('4')
    await page.waitForURL('**/jobs')
    const rows = page.getByTestId('run-row')
    await until('a page of them', async () => (await rows.count()) === 50)
    assert.match((await rows.first().textContent())!, /^batch-59batchrun 60Pending/)
    await page.getByTestId('show-older').click()
    await until('all of them', async () => (await rows.count()) === 61)

    await page.getByTestId('owner-filter').fill('mi')
    await until('those of mia', async () => (await rows.count()) === 1)
    assert.match((await rows.textContent())!, /^job\/4711 %nightlyrun 1.*Failed.*3201020miaedge-1$/)
    await page.getByTestId('status-filter').selectOption('running')
    await page.getByText('No job matches').waitFor()
    await page.getByTestId('status-filter').selectOption('failed')
    await rows.first().waitFor()
    await page.getByTestId('run-logs').click()
    await page.waitForURL(/\/logs\?q=job/)
    await until('its lines', async () => numbersOf(await rowsInSight(page)).at(-1) === 200)

    await page.goto(`${dashboard.hub.url}/runs?source=broken&status=failed`)
    await rows.first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/runs\/broken\/\d+/)
    await until('both streams', async () => {
      const words = await page.getByTestId('line-stream').allTextContents()
      return words.includes('out') && words.includes('err')
    })
    assert.equal(await page.getByTestId('run-exit').textContent(), '3')
    const siblings = page.getByTestId('run-siblings').getByRole('listitem')
    await until('both runs, as it was restarted', async () => (await siblings.count()) >= 2)
    await page.getByRole('navigation', { name: 'Pages' }).getByText('Runs').click()
    await page.getByRole('link', { name: 'Sessions' }).click()
    const sessions = page.getByTestId('session-row')
    await until('both lives', async () => (await sessions.count()) === 2)
    assert.deepEqual(await sessions.evaluateAll((found) => found.map((row) => row.dataset['status'])), [
      'RUNNING',
      'KILLED',
    ])
    await sessions.last().getByTestId('session-logs').click()
    await page.waitForURL(/\/logs\?q=session/)
    await page.getByTestId('log-row').first().waitFor()
  })

  test('what is not granted is not there, and the page says why', async () => {
    const { client } = dashboard.hub
    // Whoever is first is an admin.
    await client.addUser({ name: 'mia' })
    await client.addUser({ name: 'ben', sources: ['shop'], ownJobs: true })
    const { url } = await client.addLink('ben')
    const page = await dashboard.open(new URL(url).pathname + new URL(url).hash)
    await page.waitForURL(/\/processes/)
    await page.goto(`${dashboard.hub.url}/audit?system.module=shop`)
    await page.getByText('Audit lines are not granted to you').waitFor()
    await page.getByTestId('panel-system').getByText('mail waits').waitFor()
    await page.goto(`${dashboard.hub.url}/jobs?owner=m`)
    await page.getByText('No job matches').waitFor()
    await page.goto(`${dashboard.hub.url}/jobs${jobPath}`)
    await page.getByTestId('run-not-granted').waitFor()
    await page.goto(`${dashboard.hub.url}/jobs/batch-3`)
    await page.getByTestId('run-owner').getByText('ben').waitFor()
  })
})
