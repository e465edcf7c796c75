// Signing in as people do it, in a browser, under the policy of all pages: from a link to a page within, by password and by a link
// that works once, and out again.
import assert from 'node:assert/strict'
import { dashboardSuite } from './dashboard-suite.ts'
import { test } from 'node:test'

const password = 'correct horse battery'

dashboardSuite(
  'signing in',
  {
    processes: {
      web: { command: ['sh', '-c', 'echo needle of web; exec sleep 600'] },
      vault: { command: ['sh', '-c', 'echo needle of vault; exec sleep 600'] },
    },
    // Chromium tells of every answer that is no success.
    expected: /status of 401|HTTP Authentication failed/,
  },
  (dashboard) => {
    test('a page within asks for it first, shows what is granted afterwards, and no more once signed out', async () => {
      const { client } = dashboard.hub
      await client.addUser({ name: 'mia', password })
      await client.addUser({ name: 'ben', password, sources: ['web'] })
      const page = await dashboard.open('/logs?q=needle')
      const within = page.url()
      await page.waitForURL(/\/sign-in\?next=/)
      await page.getByLabel('Name').fill('ben')
      await page.getByLabel('Password').fill('wrong')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('alert').getByText('The name or the password is wrong').waitFor()
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL(within)
      await page.getByTestId('log-row').first().waitFor()
      const text = await page.getByTestId('log-row').allTextContents()
      assert.ok(text.some((line) => line.includes('needle of web')))
      assert.ok(!text.some((line) => line.includes('vault')), text.join('\n'))
      await page.getByTestId('account').getByText('ben').waitFor()

      await page.goto(`${dashboard.hub.url}/processes`)
      await page.getByText('Web Process').first().waitFor()
      assert.equal(await page.getByText('Vault Process').count(), 0)
      await client.changeUser({ name: 'ben', sources: ['web', 'vault'] })
      await page.getByText('Vault Process').first().waitFor()

      await page.getByTestId('account').click()
      await page.getByTestId('rights').getByText('vault').waitFor()
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await page.waitForURL(/\/sign-in\?next=/)
      await page.goto(`${dashboard.hub.url}/processes`)
      await page.waitForURL(/\/sign-in/)
    })

    test('a link signs in once, stays in no history, and leads nowhere else', async () => {
      const { url } = await dashboard.hub.client.addLink('ben')
      const page = await dashboard.open(new URL(url).pathname + new URL(url).hash)
      await page.waitForURL(/\/processes/)
      await page.getByTestId('account').getByText('ben').waitFor()
      const again = await dashboard.open(new URL(url).pathname + new URL(url).hash)
      await again.getByRole('alert').getByText('This link was used already').waitFor()
      assert.equal(new URL(again.url()).hash, '')

      const trap = await dashboard.open('/sign-in?next=https://evil.example/')
      await trap.getByLabel('Name').fill('ben')
      await trap.getByLabel('Password').fill(password)
      await trap.getByRole('button', { name: 'Sign in' }).click()
      await trap.waitForURL(`${dashboard.hub.url}/processes`)
    })

    test('a session that is ended elsewhere leads back to signing in', async () => {
      const { client } = dashboard.hub
      const { url } = await client.addLink('ben')
      const page = await dashboard.open(new URL(url).pathname + new URL(url).hash)
      await page.getByTestId('account').getByText('ben').waitFor()
      await client.removeUser('ben')
      await page.waitForURL(/\/sign-in\?next=/)
    })
  },
)
