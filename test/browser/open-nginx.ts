// nginx in front of a hub, as docs/access.md configures it; what differs between machines is put in its place.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findTool } from '../../scripts/ensure-system.ts'
import { freePort } from '../free-port.ts'
import { until } from '../hub-process.ts'

export interface Nginx {
  /** `https://localhost:12345`; the hub is under `/logs/`. */
  site: string
  close(): Promise<void>
}

const document = path.resolve(import.meta.dirname, '../../docs/access.md')

/** Needs `nginx` and `openssl`. */
export async function openNginx(hubUrl: string): Promise<Nginx> {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-nginx-'))
  const place = (name: string): string => path.join(directory, name)
  const port = await freePort()
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout ${place('key')} -out ${place('cert')} -subj /CN=localhost`
  execFileSync('openssl', words.split(' '), { stdio: 'ignore' })
  const here = {
    'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
    '/etc/ssl/logs.pem': place('cert'),
    '/etc/ssl/logs.key': place('key'),
    '127.0.0.1:7420': new URL(hubUrl).host,
  }
  let text = /^```nginx\n(.*?)^```/ms.exec(readFileSync(document, 'utf8'))![1]!
  for (const [there, put] of Object.entries(here)) {
    assert.ok(text.includes(there), `docs/access.md has no ${there}`)
    text = text.replaceAll(there, put)
  }
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((way) => `${way}_temp_path ${place(way)};`)
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  const main = `${user} daemon off; worker_processes 1; pid ${place('pid')}; events {}`
  writeFileSync(place('conf'), `${main} http { access_log off; ${temporary.join(' ')}\n${text}}\n`)

  let said = ''
  const nginx = spawn(findTool('nginx')!, ['-p', directory, '-c', place('conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  nginx.stderr.on('data', (data) => (said += String(data)))
  const close = async (): Promise<void> => {
    if (nginx.exitCode === null && nginx.kill('SIGTERM')) await once(nginx, 'exit')
    rmSync(directory, { recursive: true })
  }
  try {
    await until('nginx listens', async () => {
      if (nginx.exitCode !== null) throw new Error(`nginx has ended\n${said}`)
      return await canConnect(port)
    })
  } catch (error) {
    await close()
    throw error
  }
  return { site: `https://localhost:${port}`, close }
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
