// The dashboard behind nginx, configured as docs/access.md has it: under a path of its own, over TLS, with sign-in, live lines,
// pages that are loaded again where they are, and Socket.IO.
import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, suite, test } from 'node:test'
import { io } from 'socket.io-client'
import { findTool, requireTool } from '../../scripts/ensure-system.ts'
import { freePort } from '../free-port.ts'
import { startHub, until, type HubProcess } from '../hub-process.ts'
import { openBrowser, type TestBrowser, type TestPage } from './open-page.ts'
import { printLines } from './print-lines.ts'

const password = 'correct horse battery'
const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/access.md'), 'utf8')

suite('behind nginx', requireTool('chromium', 'nginx', 'openssl'), () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-nginx-'))
  const place = (name: string): string => path.join(directory, name)
  let hub: HubProcess
  let browser: TestBrowser
  let nginx: ChildProcess
  let said = ''
  let site = ''

  before(async () => {
    const opening = openBrowser().then((opened) => (browser = opened))
    hub = await startHub({ processes: { counter: { command: printLines(20) } } })
    await hub.client.addUser({ name: 'mia', password })
    const port = await freePort()
    site = `https://localhost:${port}`
    writeFileSync(place('nginx.conf'), configuration(port))
    const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout ${place('key')} -out ${place('cert')} -subj /CN=localhost`
    execFileSync('openssl', words.split(' '), { stdio: 'ignore' })
    nginx = spawn(findTool('nginx')!, ['-p', directory, '-c', place('nginx.conf'), '-e', 'stderr'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    nginx.stderr!.on('data', (data) => (said += String(data)))
    await opening
  })
  after(async () => {
    await browser?.close()
    if (nginx?.exitCode === null && nginx.kill('SIGTERM')) await once(nginx, 'exit')
    await hub?.close()
    rmSync(directory, { recursive: true })
  })

  /** The document's configuration, with what differs between machines put in its place. */
  function configuration(port: number): string {
    let text = /^```nginx\n(.*?)^```/ms.exec(document)![1]!
    const here = {
      'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
      '/etc/ssl/logs.pem': place('cert'),
      '/etc/ssl/logs.key': place('key'),
      '127.0.0.1:7420': new URL(hub.url).host,
    }
    for (const [there, put] of Object.entries(here)) {
      assert.ok(text.includes(there), `docs/access.md has no ${there}`)
      text = text.replaceAll(there, put)
    }
    const user = process.getuid?.() === 0 ? 'user root;' : ''
    const ways = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    const temporary = ways.map((way) => `${way}_temp_path ${place(way)};`).join('\n')
    return `${user}\ndaemon off;\nworker_processes 1;\npid ${place('pid')};\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${text}}\n`
  }

  async function openSite(address: string): Promise<TestPage> {
    return await until(`nginx serves\n${said}`, () =>
      browser.openPage(site + address, { ignoreHTTPSErrors: true }).catch((error: unknown) => {
        if (nginx.exitCode !== null) throw new Error(`nginx has ended\n${said}`)
        if (!String(error).includes('CONNECTION_REFUSED')) throw error
        return undefined
      }),
    )
  }

  test('one signs in on the way to a page within, sees lines arrive, and stays there when it is loaded again', async () => {
    const { page, faults, close } = await openSite('/logs/logs?sources=counter')
    await page.waitForURL(`${site}/logs/sign-in?next=*`)
    faults.splice(0)
    await page.getByLabel('Name').fill('mia')
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
    await page.getByRole('button', { name: 'Do something about mia' }).click()
    await page.getByRole('menuitem', { name: 'Link that signs in once' }).click()
    const link = (await page.getByTestId('secret').textContent())!
    assert.ok(link.startsWith(`${site}/logs/sign-in#`), link)
    await page.getByTestId('account').click()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.waitForURL(`${site}/logs/sign-in?next=*`)
    assert.deepEqual(await page.context().cookies(`${site}/logs/`), [])
    assert.deepEqual(
      faults.filter((fault) => !/status of 401|HTTP Authentication failed/.test(fault)),
      [],
    )
    await close()
    const linked = await openSite(new URL(link).pathname + new URL(link).hash)
    await linked.page.waitForURL(`${site}/logs/processes`)
    await linked.close()
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
      const { records } = await hub.client.search({ query: 'kind:audit nobody' })
      return records.length > 0 && records
    })
    assert.equal((record!.fields!['metadata'] as { peer: string }).peer, '127.0.0.9')
  })

  test('Socket.IO comes through, first by polling and then by WebSocket', async () => {
    const { token } = await hub.client.addToken({ name: 'board', actions: ['read'] })
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
