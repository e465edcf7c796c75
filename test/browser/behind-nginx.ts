// Tests of a hub behind nginx, which has a path of its own for it and speaks TLS: sign-in, live lines, pages that are loaded again
// where they are, Socket.IO.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { after, before, suite, test } from 'node:test'
import { io } from 'socket.io-client'
import { requireTool } from '../../scripts/ensure-system.ts'
import type { Dashboard } from './dashboard-suite.ts'
import { openNginx, type Nginx } from './open-nginx.ts'
import { until } from './read-page.ts'

/** `name` and `password` are of an admin; the source `counter` prints all the while. */
export function behindNginx(dashboard: Dashboard, name: string, password: string): void {
  suite('behind nginx', requireTool('nginx', 'openssl'), () => {
    let nginx: Nginx
    let site = ''
    before(async () => {
      nginx = await openNginx(dashboard.hub.url)
      ;({ site } = nginx)
    })
    after(() => nginx?.close())

    test('one signs in on the way to a page within, sees lines arrive, and stays there when it is loaded again', async () => {
      const page = await dashboard.open(`${site}/logs/logs?sources=counter`, { ignoreHTTPSErrors: true })
      await page.waitForURL(`${site}/logs/sign-in?next=*`)
      await page.getByLabel('Name').fill(name)
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      const arrived = async (): Promise<boolean> =>
        Number(await page.getByTestId('log-list').getAttribute('data-arrived')) > 5
      await page.waitForURL(`${site}/logs/logs?sources=counter`)
      await until('lines arrive', arrived)
      const cookies = await page.context().cookies(`${site}/logs/`)
      assert.deepEqual(
        cookies.map((cookie) => [cookie.path, cookie.secure, cookie.httpOnly, cookie.sameSite]),
        [['/logs/', true, true, 'Strict']],
      )
      assert.deepEqual(await page.context().cookies(`${site}/other/`), [], 'other sites of the same host get none')

      await page.reload()
      await until('lines arrive again', arrived)
      assert.equal(page.url(), `${site}/logs/logs?sources=counter`)
      await page.getByRole('link', { name: 'Processes' }).click()
      await page.waitForURL(`${site}/logs/processes`)
      await page.getByTestId('card-line').first().waitFor()
      await page.getByRole('link', { name: 'Users and tokens' }).click()
      await page.getByRole('button', { name: `Do something about ${name}` }).click()
      await page.getByRole('menuitem', { name: 'Link that signs in once' }).click()
      const link = (await page.getByTestId('secret').textContent())!
      assert.ok(link.startsWith(`${site}/logs/sign-in#`), link)
      await page.getByTestId('account').click()
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await page.waitForURL(`${site}/logs/sign-in?next=*`)
      assert.deepEqual(await page.context().cookies(`${site}/logs/`), [])
      await page.goto(link)
      await page.waitForURL(`${site}/logs/processes`)
    })

    test('the audit log names whoever came to the proxy', async () => {
      const asked = request(`${site}/logs/api/v1/sign-in`, {
        method: 'POST',
        localAddress: '127.0.0.9',
        rejectUnauthorized: false,
        headers: { 'content-type': 'application/json' },
      })
      asked.end('{"name":"nobody","password":"wrong horse"}')
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      response.resume()
      assert.equal(response.statusCode, 401)
      const [record] = await until('the attempt is told', async () => {
        const { records } = await dashboard.hub.client.search({ query: 'kind:audit nobody' })
        return records.length > 0 && records
      })
      assert.equal((record!.fields!['metadata'] as { peer: string }).peer, '127.0.0.9')
    })

    test('Socket.IO comes through, first by polling and then by WebSocket', async () => {
      const { token } = await dashboard.hub.client.addToken({ name: 'events', actions: ['read'] })
      const socket = io(site, {
        path: '/logs/socket.io',
        extraHeaders: { authorization: `Bearer ${token}` },
        rejectUnauthorized: false,
        reconnection: false,
      })
      const upgraded = new Promise((resolve) => socket.io.once('open', () => socket.io.engine.once('upgrade', resolve)))
      const event = await new Promise<unknown>((resolve, reject) => {
        socket.once('cantina_event', resolve)
        socket.once('connect_error', reject)
      })
      assert.ok(event)
      await upgraded
      socket.close()
    })
  })
}
