// What is done to many cards at once, in a real browser on a real hub: groups, instances, and what is said when it fails.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { dashboardSuite } from './dashboard-suite.ts'
import { printLines } from './print-lines.ts'
import { cardOf, until } from './read-page.ts'

const command = printLines(2)
const processes = {
  alone: { command },
  api: { command, group: 'backend' },
  db: { command, group: 'backend' },
  worker: { command, instances: 2 },
  waiter: { command, group: 'late', autostart: false, dependsOn: { missing: 'ready' } },
  missing: { command: ['/no/such/program'], autostart: false, restart: 'never', ready: { port: 1, timeoutMs: 1000 } },
}

dashboardSuite('groups on the Processes page', { processes }, (dashboard) => {
  const groupOf = (page: Page, name: string): Locator =>
    page.locator(`[data-testid=process-group][aria-label="${name}"]`)
  const statesOf = (group: Locator): Promise<(string | undefined)[]> =>
    group.getByTestId('process-card').evaluateAll((cards) => cards.map((card) => card.dataset['state']))
  const waitForStates = (group: Locator, ...states: string[]): Promise<boolean> =>
    until(states.join(), async () => (await statesOf(group)).join() === states.join())

  test('a group is stopped, started and restarted as one, and others go on', async () => {
    const page = await dashboard.open('/processes')
    const backend = groupOf(page, 'backend')
    await waitForStates(backend, 'running', 'running')
    await backend.getByTestId('bulk-stop').click()
    await waitForStates(backend, 'stopped', 'stopped')
    assert.equal(await cardOf(page, 'alone').getAttribute('data-state'), 'running')
    await backend.getByTestId('bulk-start').click()
    await waitForStates(backend, 'running', 'running')
    const pids = (): Promise<string[]> => backend.getByTestId('card-status').allTextContents()
    const before = await pids()
    await backend.getByTestId('bulk-restart').click()
    await until('other PIDs', async () =>
      (await pids()).every((status, i) => /PID/.test(status) && status !== before[i]),
    )
  })

  test('instances come and go by the buttons of their group, and one stays', async () => {
    const page = await dashboard.open('/processes')
    const worker = groupOf(page, 'worker')
    await waitForStates(worker, 'running', 'running')
    await worker.getByRole('button', { name: 'One more instance of worker' }).click()
    await waitForStates(worker, 'running', 'running', 'running')
    const less = worker.getByRole('button', { name: 'One instance of worker less' })
    await less.click()
    await waitForStates(worker, 'running', 'running')
    await less.click()
    await waitForStates(worker, 'running')
    assert.equal(await less.isDisabled(), true)
  })

  test('who of a group cannot be started is named, with the reason, until that is dismissed', async () => {
    const page = await dashboard.open('/processes')
    const late = groupOf(page, 'late')
    await late.getByTestId('bulk-start').click()
    const alert = late.getByTestId('bulk-error')
    await alert.waitFor()
    assert.match((await alert.textContent())!, /^waiter: .*missing/)
    await alert.getByRole('button', { name: 'Dismiss' }).click()
    assert.equal(await alert.count(), 0)
  })
})
