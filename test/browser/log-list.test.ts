// The Logs page while lines rush by: what a reader sees in every single frame.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dashboardSuite } from './dashboard-suite.ts'
import { printLines } from './print-lines.ts'
import { until } from './read-page.ts'

dashboardSuite('the list under load', { processes: { flood: { command: printLines(2000) } } }, (dashboard) => {
  for (const address of ['/logs', '/logs?wrap=1'])
    test(`2000 lines/s at ${address}: in every frame rows fill the list from top to bottom`, async () => {
      const page = await dashboard.open(address)
      const list = page.getByTestId('log-list')
      await until('lines', async () => Number(await list.getAttribute('data-arrived')) > 2000)
      const bare = await list.evaluate(async (element) => {
        const found: string[] = []
        const box = element.getBoundingClientRect()
        for (let frame = 0; frame < 120; frame++) {
          await new Promise((resolve) => element.ownerDocument.defaultView.requestAnimationFrame(resolve))
          const rows = [...element.querySelectorAll('[role=row]')].map((row) => row.getBoundingClientRect())
          const above = Math.min(...rows.map(({ top }) => top)) - box.top
          const below = box.bottom - Math.max(...rows.map(({ bottom }) => bottom))
          // More than a row and the edge above the first one.
          if (Math.max(above, below) > 30) found.push(`${Math.round(above)} above, ${Math.round(below)} below`)
        }
        return found
      })
      assert.deepEqual(bare, [], 'pixels without rows')
    })
})
