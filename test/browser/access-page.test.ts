// Pages of access as people use them: the first user, users with their grants, tokens, one's own account; the policy of all pages,
// dark and light, which none may break; and the same hub behind nginx.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { connect } from '../../src/client/index.ts'
import { dashboardSuite } from './dashboard-suite.ts'
import { behindNginx } from './behind-nginx.ts'
import { printLines } from './print-lines.ts'
import { until } from './read-page.ts'

const password = 'correct horse battery'
const newPassword = 'a horse of another colour'
const router = readFileSync(path.resolve(import.meta.dirname, '../../dashboard/src/app/router.tsx'), 'utf8')
/** Every address that the router has; where a value stands in it, one that means nothing. */
const addresses = [...router.matchAll(/path: '(\/[^']*)'/g)].map(([, address]) => address!.replaceAll(/\$\w*/g, 'x'))

dashboardSuite(
  'pages of access',
  {
    processes: {
      web: { command: ['sh', '-c', 'echo needle of web; exec sleep 600'] },
      counter: { command: printLines(20) },
      vault: { command: ['sh', '-c', 'echo needle of vault; exec sleep 600'] },
    },
    // Chromium tells of every answer that is no success.
    expected: /status of (401|409)|HTTP Authentication failed/,
  },
  (dashboard) => {
    const row = (page: Page, user: string): Locator => page.locator(`[data-testid=user-row][data-user=${user}]`)
    const choose = async (page: Page, user: string, item: string): Promise<void> => {
      await page.getByRole('button', { name: `Do something about ${user}` }).click()
      await page.getByRole('menuitem', { name: item }).click()
    }
    const signIn = async (page: Page, name: string, given = password): Promise<void> => {
      await page.getByLabel('Name').fill(name)
      await page.getByLabel('Password').fill(given)
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
    /** A page of this user, who has signed in by a link. */
    const openAs = async (name: string, address: string): Promise<Page> => {
      const { url } = await dashboard.hub.client.addLink(name)
      const next = `?next=${encodeURIComponent(address)}`
      const page = await dashboard.open(`/sign-in${next}${new URL(url).hash}`)
      await page.waitForURL(`${dashboard.hub.url}${address}`)
      return page
    }

    test('no page breaks the policy, dark or light, whatever is opened on it', async () => {
      assert.ok(addresses.length > 4, addresses.join())
      const page = await dashboard.open('/', { colorScheme: 'dark' })
      for (const address of addresses) {
        await page.goto(dashboard.hub.url + address)
        await page.locator('main > *').first().waitFor()
        const triggers = page.locator('main [aria-haspopup]')
        for (let nth = 0; nth < (await triggers.count()); nth++) {
          await triggers.nth(nth).click()
          await page.locator('[role=menu], [role=dialog], [role=listbox]').first().waitFor()
          await page.keyboard.press('Escape')
        }
        for (const colorScheme of ['dark', 'light'] as const) {
          await page.emulateMedia({ colorScheme })
          await page.keyboard.press('Control+k')
          await page.getByTestId('command-palette').waitFor()
          await page.keyboard.press('Escape')
          await page.getByTestId('command-palette').waitFor({ state: 'detached' })
        }
        assert.deepEqual(dashboard.takeFaults(page), [], address)
      }
    })

    test('what the policy forbids is refused, and told to these tests', async () => {
      const page = await dashboard.open('/access')
      await page.evaluate(`document.body.append(Object.assign(document.createElement('style'), { textContent: 'body { opacity: 0.5 }' }))
        document.body.insertAdjacentHTML('beforeend', '<p style="opacity: 0.5" onclick="1">x</p>')`)
      assert.equal(await page.evaluate<string>('getComputedStyle(document.body).opacity'), '1')
      const faults = await until('both are told', async () => {
        const told = dashboard.takeFaults(page).join('\n')
        return told.includes('refused by the policy') && told
      })
      assert.match(faults, /style-src-elem/)
      assert.match(faults, /style-src-attr/)
      assert.match(faults, /script-src-attr/)
    })

    test('a hub without users says so, takes the first one, and wants to know who asks from then on', async () => {
      const page = await dashboard.open('/access')
      await page.getByTestId('first-user').getByText('logboom user add').waitFor()
      assert.equal(await page.getByTestId('tokens').count(), 0)
      const form = page.getByRole('form', { name: 'New user' })
      await form.getByLabel('Name').fill('mia')
      await form.getByLabel('Password').fill(password)
      await form.getByRole('button', { name: 'Add the first user' }).click()
      await page.waitForURL(/\/sign-in\?next=%2Faccess/)
      await signIn(page, 'mia')
      await row(page, 'mia').getByText('admin').waitFor()
      await row(page, 'mia').getByText('1 session').waitFor()
    })

    test('an admin adds users, changes what they see, and ends what they have open', async () => {
      const page = await openAs('mia', '/access')
      await page.getByRole('button', { name: 'Add user' }).click()
      const form = page.getByRole('form', { name: 'New user' })
      await form.getByLabel('Name').fill('ben')
      await form.getByLabel('Password').fill(password)
      await form.getByLabel('Sources').fill('web, api*')
      await form.getByRole('button', { name: 'Add user' }).click()
      await row(page, 'ben').getByText('api*').waitFor()

      const other = await dashboard.open('/access')
      await signIn(other, 'ben')
      await other.getByText('Admins only').waitFor()
      assert.equal(await other.getByRole('link', { name: 'Users and tokens' }).count(), 0)
      await other.goto(`${dashboard.hub.url}/processes`)
      await other.getByText('Web Process').first().waitFor()
      assert.equal(await other.getByText('Vault Process').count(), 0)
      assert.equal(await other.getByRole('button', { name: /^(Stop|Restart) / }).count(), 0, 'a viewer may only look')

      await choose(page, 'ben', 'Change…')
      const change = page.getByRole('form', { name: 'Change ben' })
      await change.getByLabel('Role').selectOption('operator')
      await change.getByLabel('Sources').fill('web vault')
      await change.getByLabel('audit').check()
      await change.getByLabel('own jobs').check()
      await change.getByRole('button', { name: 'Save' }).click()
      await row(page, 'ben').getByText('and audit').waitFor()
      await other.getByText('Vault Process').first().waitFor()
      await other.getByRole('button', { name: 'Stop Vault Process' }).waitFor()
      const ben = (await dashboard.hub.client.users()).find(({ name }) => name === 'ben')!
      assert.deepEqual(
        [ben.role, ben.sources, ben.kinds, ben.ownJobs],
        ['operator', ['web', 'vault'], ['system', 'audit', 'event', 'gap'], true],
      )

      await page.getByRole('button', { name: 'Add user' }).click()
      await form.getByLabel('Name').fill('ben')
      await form.getByRole('button', { name: 'Add user' }).click()
      await form.getByRole('alert').getByText('There is a ben already').waitFor()
      await form.getByRole('button', { name: 'Cancel' }).click()

      await choose(page, 'ben', 'Sign out everywhere…')
      await page.getByRole('button', { name: 'Sign out everywhere' }).click()
      await other.waitForURL(/\/sign-in/)
      await row(page, 'ben').getByText('signed out').waitFor()
      await choose(page, 'ben', 'Link that signs in once')
      await other.goto((await page.getByTestId('secret').textContent())!)
      await other.getByTestId('account').getByText('ben').waitFor()
      await choose(page, 'ben', 'Remove…')
      await page.keyboard.press('Escape')
      await row(page, 'ben').waitFor()
      await choose(page, 'ben', 'Remove…')
      await page.getByRole('button', { name: 'Remove ben' }).click()
      await other.waitForURL(/\/sign-in/)
      await until('ben is gone', async () => (await row(page, 'ben').count()) === 0)
    })

    test('a token is shown once, does what its scope says, and ends when it is revoked', async () => {
      const page = await openAs('mia', '/access')
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.getByRole('button', { name: 'New token' }).click()
      const form = page.getByRole('form', { name: 'New token' })
      await form.getByLabel('Name').fill('board')
      await form.getByLabel('send').uncheck()
      await form.getByLabel('read').check()
      await form.getByLabel('Sources').fill('web')
      await form.getByLabel('Expires').selectOption('7d')
      await form.getByRole('button', { name: 'Make token' }).click()
      const token = (await page.getByTestId('secret').textContent())!
      await page.getByRole('button', { name: 'Copy' }).click()
      await until('the copy', async () => (await page.evaluate('navigator.clipboard.readText()')) === token)
      const client = connect(dashboard.hub.url, { token })
      const texts = async (): Promise<string[]> =>
        (await client.search({ query: 'needle stream:stdout' })).records.map(({ message }) => message)
      assert.deepEqual(await texts(), ['needle of web'])
      const tokenRow = page.locator('[data-testid=token-row][data-token=board]')
      await tokenRow.getByText('in 7 days').waitFor()
      await page.reload()
      await tokenRow.waitFor()
      assert.ok(!(await page.content()).includes(token), 'shown once')

      let ended = ''
      const following = client.follow({}, { records: () => {}, error: ({ code }) => (ended = code) })
      await tokenRow.getByRole('button', { name: 'Revoke…' }).click()
      await page.getByRole('button', { name: 'Revoke board' }).click()
      await page.getByText('There is no token').waitFor()
      await until('the stream has ended', async () => ended === 'sign-in-needed')
      following.close()
      await assert.rejects(texts(), { code: 'sign-in-needed' })
    })

    test('everybody sees what they may and what is hidden, and changes the password, which ends other sessions', async () => {
      const { client } = dashboard.hub
      await client.addUser({ name: 'eve', password, sources: ['web'] })
      const [page, other] = [await openAs('eve', '/account'), await openAs('eve', '/logs')]
      await page.getByTestId('rights').getByText('every other source and records of the kind audit').waitFor()
      const form = page.getByTestId('password')
      const change = async (old: string): Promise<void> => {
        await form.getByLabel('Old password').fill(old)
        await form.getByLabel('New password').fill(newPassword)
        await form.getByLabel('Once more').fill(newPassword)
        await form.getByRole('button', { name: 'Change password' }).click()
      }
      await change('wrong horse battery')
      await form.getByRole('alert').getByText('The old password is wrong').waitFor()
      await change(password)
      await form.getByText('The password is changed').waitFor()
      await other.waitForURL(/\/sign-in/)
      await signIn(other, 'eve', password)
      await other.getByRole('alert').getByText('The name or the password is wrong').waitFor()
      await signIn(other, 'eve', newPassword)
      await other.getByTestId('account').getByText('eve').waitFor()
      await page.reload()
      await page.getByTestId('rights').waitFor()
      await page.getByRole('button', { name: 'Sign out everywhere' }).click()
      for (const each of [page, other]) await each.waitForURL(/\/sign-in/)
      const { records } = await client.search({ query: 'kind:audit eve', order: 'oldest' })
      const told = records.map(({ fields }) => `${String(fields!.action)} ${String(fields!.outcome)}`)
      for (const line of ['password_change failed', 'password_change done', 'sign_out done'])
        assert.ok(told.includes(line), told.join('\n'))
      assert.doesNotMatch(JSON.stringify(records), /horse/)
    })

    behindNginx(dashboard, 'mia', password)
  },
)
