// A client of the Engine API of Docker, as far as logs need it, on node:http (decisions/084). Each request has a connection of its
// own and a time within which the engine must begin to answer: one that is stopped just hangs.
import { readFileSync } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import { isIP } from 'node:net'
import { LogboomError } from '../../contracts/errors.ts'
import { formatEngineAddress, type EngineAddress } from './engine-address.ts'
import { openSshSocket } from './ssh-socket.ts'

export interface EngineVersion {
  /** Of the API, the smaller of the engine's and ours. */
  api: string
  /** As people know it: `Docker/20.10.24 (linux)`. */
  server: string
  /** Times of its logs are whole seconds. */
  isPodman: boolean
}

export interface EngineClient {
  /** For people. */
  address: string
  /** Asks for the version and keeps it; requests before that go without one. */
  ping(): Promise<EngineVersion>
  get<Value>(path: string, query?: Query): Promise<Value>
  /** `waitMs`: how long the engine may take beyond the usual, as where it waits for a container. */
  post(path: string, query?: Query, waitMs?: number): Promise<void>
  /**
   * Chunks as they come, until the engine ends them or the signal is aborted; rejects where the connection breaks.
   */
  stream(path: string, query: Query, signal: AbortSignal): AsyncIterable<Buffer>
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** The newest version of the API that this client was tried with. */
const newestApi = [1, 47] as const
const answerMs = 10_000

export function openEngine(address: EngineAddress): EngineClient {
  const shown = formatEngineAddress(address)
  const connection = connectionTo(address)
  let prefix = ''

  /** Resolves when the head of the answer is there. */
  function request(
    method: string,
    path: string,
    { query = {}, signal, waitMs = 0 }: Asked = {},
  ): Promise<http.IncomingMessage> {
    const words = new URLSearchParams()
    for (const [key, value] of Object.entries(query)) if (value !== undefined) words.set(key, String(value))
    const target = words.size > 0 ? `${path}?${words.toString()}` : path
    return new Promise((resolve, reject) => {
      const { send, options } = connection()
      const asked = send({ ...options, method, path: target, signal, headers: { Host: 'docker' } })
      const late = setTimeout(
        () =>
          asked.destroy(new LogboomError('engine-unreachable', `${shown} does not answer`, { hint: hintOfSilence })),
        answerMs + waitMs,
      )
      asked.once('response', (answer) => {
        clearTimeout(late)
        resolve(answer)
      })
      // After the answer there may be errors that the answer has, too.
      asked.on('error', (error) => {
        clearTimeout(late)
        reject(explain(error as NodeJS.ErrnoException, address, shown))
      })
      asked.end()
    })
  }

  async function answered(answer: http.IncomingMessage): Promise<string> {
    const late = setTimeout(() => answer.destroy(new Error(`${shown} does not finish its answer`)), answerMs)
    try {
      const chunks: Buffer[] = []
      for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk)
      const text = Buffer.concat(chunks).toString('utf8')
      if (answer.statusCode! >= 400) throw refused(answer.statusCode!, text)
      return text
    } finally {
      clearTimeout(late)
    }
  }

  return {
    address: shown,
    async ping() {
      const answer = await request('GET', '/_ping')
      await answered(answer)
      const header = (name: string): string | undefined => answer.headers[name]?.toString()
      const server = header('server') ?? ''
      const api = olderApi(header('api-version') ?? '1.24')
      prefix = `/v${api}`
      return { api, server, isPodman: header('libpod-api-version') !== undefined || /libpod/i.test(server) }
    },
    get: async <Value>(path: string, query?: Query) =>
      JSON.parse(await answered(await request('GET', prefix + path, { query }))) as Value,
    async post(path, query, waitMs) {
      await answered(await request('POST', prefix + path, { query, waitMs }))
    },
    async *stream(path, query, signal) {
      const answer = await request('GET', prefix + path, { query, signal })
      if (answer.statusCode! >= 400) await answered(answer)
      yield* answer as AsyncIterable<Buffer>
    },
  }
}

interface Asked {
  query?: Query | undefined
  signal?: AbortSignal
  waitMs?: number | undefined
}

/** Status of the engine's refusal; absent in other errors. */
export function statusOf(error: unknown): number | undefined {
  return ((error as Error).cause as { status?: number } | undefined)?.status
}

function refused(status: number, body: string): LogboomError {
  let message = body.trim()
  try {
    message = (JSON.parse(body) as { message?: string }).message ?? message
  } catch {
    // A proxy in between may answer in words of its own.
  }
  return new LogboomError('engine-refused', message || `the engine answers with status ${status}`, {
    cause: { status },
  })
}

function olderApi(theirs: string): string {
  const [major = 1, minor = 24] = theirs.split('.').map(Number)
  const isOlder = major < newestApi[0] || (major === newestApi[0] && minor < newestApi[1])
  return isOlder ? `${major}.${minor}` : newestApi.join('.')
}

interface Connection {
  send: (options: http.RequestOptions) => http.ClientRequest
  options: http.RequestOptions
}

function connectionTo(address: EngineAddress): () => Connection {
  if (address.kind === 'unix')
    return () => ({ send: http.request, options: { socketPath: address.path, agent: false } })
  if (address.kind === 'ssh')
    return () => ({ send: http.request, options: { createConnection: () => openSshSocket(address) } })
  const { host, port, tls } = address
  if (!tls) return () => ({ send: http.request, options: { host, port, agent: false } })
  const read = (file: string | undefined): Buffer | undefined => (file === undefined ? undefined : readFileSync(file))
  return () => ({
    send: https.request,
    options: {
      host,
      port,
      agent: false,
      // Else it would be that of the header Host.
      servername: isIP(host) === 0 ? host : '',
      ca: read(tls.ca),
      cert: read(tls.cert),
      key: read(tls.key),
    } as https.RequestOptions,
  })
}

const hintOfSilence = 'It is stopped or overloaded; Logboom asks again until it answers.'

function explain(error: NodeJS.ErrnoException, address: EngineAddress, shown: string): Error {
  if (error instanceof LogboomError || error.name === 'AbortError') return error
  if (error.code === 'EACCES')
    return new LogboomError('engine-unreachable', `${shown} may not be opened`, {
      hint: 'The group docker may: add the user of Logboom to it, or run Logboom as root.',
      cause: error,
    })
  if (error.code === 'ENOENT' && address.kind === 'unix')
    return new LogboomError('engine-unreachable', `there is no socket ${shown}`, { cause: error })
  if (error.code === 'ENOENT' && address.kind === 'ssh')
    return new LogboomError('engine-unreachable', 'the command ssh is not on this machine', {
      hint: 'Install it: apt-get install openssh-client',
      cause: error,
    })
  if (error.code === 'ECONNREFUSED')
    return new LogboomError('engine-unreachable', `nobody listens on ${shown}`, { cause: error })
  return new LogboomError('engine-unreachable', `${shown}: ${error.message}`, { cause: error })
}
