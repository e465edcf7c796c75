// What the tests of server and client share: a hub around a real storage with one controllable source, and ways to
// reach it that no polite client has (any header, a socket that does not read).
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { connect as connectTcp, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { LogboomError } from '../contracts/errors.ts'
import { emptyAccess } from '../access/access-file.ts'
import { openAccess } from '../access/open-access.ts'
import { keepEverything } from '../contracts/retention.ts'
import type { Source } from '../contracts/source.ts'
import type { SourceStatus } from '../contracts/source-status.ts'
import type { Storage } from '../contracts/storage.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { AuditEntry, ServedHub } from './hub-interface.ts'
import { openServer, type RunningServer } from './open-server.ts'

const trouble = (error: unknown): void => assert.fail(String(error))

/** Where sinks note how far they got; each test file is a process, and several run at once. */
const stateDirectory = mkdtempSync(join(tmpdir(), 'logboom-server-'))
process.on('exit', () => rmSync(stateDirectory, { recursive: true, force: true }))

/** For `openStorage`. The store in memory writes nothing. */
export const memoryStorage: {
  stateDirectory: string
  store: string
  session: string
  stages: Record<string, unknown>
  sinks: Record<string, unknown>
  serviceNames: Record<string, string>
  warn: typeof trouble
  fail: typeof trouble
} = {
  stateDirectory,
  store: 'memory',
  session: 'test-session',
  stages: {},
  sinks: {},
  serviceNames: {},
  warn: trouble,
  fail: trouble,
}

const noJob = (): Promise<never> => Promise.reject(new LogboomError('unknown-job', 'Job not found'))
/** Jobs are tested with a whole hub. */
const noJobs: ServedHub['jobs'] = {
  find: () => undefined,
  list: () => [],
  onChange: () => () => undefined,
  onRegister: () => () => undefined,
  register: noJob,
  append: noJob,
  stream: noJob,
  report: noJob,
}

export interface TestHub extends ServedHub {
  /** Commits lines of the source `web`. */
  log(...messages: string[]): Promise<void>
  closings: { keep: boolean }[]
  audited: AuditEntry[]
  /** What the hub's log was told of. */
  reported: Error[]
  changed(): void
  actions: string[]
}

export function openTestHub(storage: Storage): TestHub {
  const listeners = new Set<() => void>()
  const actions: string[] = []
  const closings: { keep: boolean }[] = []
  const reported: Error[] = []
  const audited: AuditEntry[] = []
  const view = (): SourceStatus => ({
    name: 'web',
    type: 'process',
    state: 'running',
    run: 1,
    restarts: actions.length,
  })
  const web: Source = {
    status: view,
    control(action) {
      actions.push(action)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
  const fixed: Source = { status: () => ({ ...view(), name: 'fixed', type: 'file' }), close: () => Promise.resolve() }
  let kept = emptyAccess()
  const hub: TestHub = {
    access: openAccess({ file: { read: () => kept, save: (data) => void (kept = data) }, now: Date.now }),
    audit: (entry) => void audited.push(entry),
    audited,
    sources: new Map([
      ['web', web],
      ['fixed', fixed],
    ]),
    control: ({ targets = [] }) =>
      Promise.resolve(
        targets.map((name) =>
          name === '@broken' ? { name, error: new LogboomError('stop-failed', 'still there') } : { name },
        ),
      ),
    scale: ({ name }) => Promise.resolve([{ name: `${name}-1` }]),
    jobs: noJobs,
    hosts: { list: () => [], admit: () => Promise.reject(new LogboomError('request-invalid', 'no hosts')) },
    lists: { runs: () => ({ runs: [] }), sessions: () => ({ sessions: [] }) },
    storage,
    settings: {
      setLevel: () => Promise.resolve(),
      setService: () => Promise.resolve(),
      services: () => [],
      retention: () => keepEverything,
      setRetention: () => Promise.resolve(),
    },
    actions,
    closings,
    status: () => ({
      hub: {
        version: '0.0.0',
        session: 'test-session',
        startedAt: 0,
        pid: process.pid,
        stateDirectory: '/state',
        logsDirectory: '/state/logs',
        url: 'http://127.0.0.1:0',
        trouble: [],
      },
      sources: [{ ...view(), title: 'Web Process' }],
    }),
    onStatus(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    report: (error) => void reported.push(error),
    reported,
    warn: (message) => void reported.push(new Error(message)),
    close(options) {
      closings.push(options)
      return Promise.resolve()
    },
    log: (...messages) =>
      storage.ofSource('web').push(
        { run: 1, pid: 1 },
        messages.map((message) => ({ message })),
      ),
    changed() {
      for (const listener of listeners) listener()
    },
  }
  return hub
}

/** A server around a test hub with its storage in memory; closed when the tests of the file are over. */
export async function openTestServer(): Promise<{ storage: Storage; hub: TestHub; server: RunningServer }> {
  const storage = await openStorage(memoryStorage)
  const hub = openTestHub(storage)
  const server = await openServer(hub, { port: 0 })
  after(async () => {
    await server.close()
    await storage.close()
  })
  return { storage, hub, server }
}

export interface RawAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** A request with any headers, which `fetch` would not let one set. */
export async function ask(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  const request = httpRequest(url, { method, headers, agent: false })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return { status: response.statusCode!, headers: response.headers, body: text }
}

/** The first line of the answer to a WebSocket upgrade with these headers. */
export async function tryUpgrade(url: string, path: string, headers: Record<string, string> = {}): Promise<string> {
  const socket = await openRawSocket(url, path, headers)
  const [data] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return data.toString().split('\r\n', 1)[0]!
}

/** A TCP connection that has asked for an upgrade. */
async function openRawSocket(url: string, path: string, headers: Record<string, string> = {}): Promise<Socket> {
  const { host, hostname, port } = new URL(url)
  const socket = connectTcp(Number(port), hostname)
  await once(socket, 'connect')
  const all = {
    host,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  return socket
}
