// WebSocket upgrades: the same guard as every route, a path to a handler, and the liveness of connections.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Access } from '../access/open-access.ts'
import type { Caller } from '../contracts/caller.ts'
import { LogboomError } from '../contracts/errors.ts'
import { admit, admitHandshake, changedRights, whoOfSocket } from './admit.ts'
import type { Connections } from './bounds/connections.ts'
import { rawAnswer, type AnswerOf } from './errors.ts'
import { checkRequest, foreignSite, isForeign, type HostNames } from './guard.ts'
import { farewellMs, maxPongBytes, maxRequestBytes, pingIntervalMs } from './bounds/limits.ts'
import type { Streams } from './bounds/streams.ts'
import type { ServedSocket, SocketHandler } from './live/served-socket.ts'
import type { Origins } from './origins.ts'

export interface Upgrades {
  /** Says goodbye to everybody. */
  close(): void
  /** Ends those who have not answered. */
  terminate(): void
}

export interface UpgradeOptions {
  connections: Connections
  streams: Streams
  answerOf: AnswerOf
  /** An upgrade was answered by 403. */
  refused(request: IncomingMessage, path: string): void
  access: Access
  names: HostNames
  handlers: Readonly<Record<string, SocketHandler>>
  /** Paths that take parameters in their address. */
  parameterPaths: readonly string[]
  /** Paths whose messages may have more bytes than requests, and how many. */
  largeMessages?: Readonly<Record<string, number>>
  origins: Origins
  /** Upgrades that are passed on as they come, once they may come in. */
  socketIo: {
    isFor(request: IncomingMessage): boolean
    upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void
  }
}

/** Of WebSockets: a failure of ours, a bound that only this socket has met, and one that all share. */
const closeCodes = { failed: 1011, ownBound: 1008, sharedBound: 1013 }

/** The parameter by which a client asks for compression, which costs memory and time of both sides. */
const compressParameter = /(?:^|&)compress=(?:true|1)(?:&|$)/

export function openUpgrades(server: Server, options: UpgradeOptions): Upgrades {
  const {
    connections,
    streams,
    answerOf,
    refused,
    access,
    names,
    handlers,
    origins,
    socketIo,
    largeMessages = {},
  } = options
  const parameterPaths = new Set(options.parameterPaths)
  const kinds = openKinds(largeMessages)
  const passedOn = new Set<Duplex>()
  const silent = new Map<WebSocket, number>()

  const pinging = setInterval(() => pingAll(kinds, silent), pingIntervalMs).unref()
  const refuse = (raw: Duplex, error: unknown): number => answerRaw(raw, answerOf(error))

  for (const sockets of kinds.all) sockets.on('wsClientError', (error, raw) => refuse(raw, noHandshake(error)))

  server.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    raw.on('error', () => {})
    let handler: SocketHandler | undefined
    let known = ''
    let sockets: WebSocketServer
    let caller: Caller
    try {
      connections.check(request)
      checkRequest(request, names, origins)
      if (isForeign(request.headers) && origins.listed(request) === undefined) throw foreignSite()
      if (socketIo.isFor(request)) {
        admitHandshake(access, request.headers)
        socketIo.upgrade(request, remembered(passedOn, raw), head)
        return connections.engage(request)
      }
      const [path, parameters] = request.url!.split('?', 2) as [string, string?]
      handler = Object.hasOwn(handlers, path) ? handlers[path] : undefined
      if (!handler) throw new LogboomError('not-found', `There is no WebSocket at ${path}.`)
      known = path
      if (parameters && !parameterPaths.has(path)) throw misplaced(parameters)
      caller = admit(access, request.headers, whoOfSocket(path))
      sockets = kinds.of(path, parameters)
    } catch (error) {
      return void (refuse(raw, error) === 403 && refused(request, known))
    }
    sockets.handleUpgrade(request, raw, head, (socket) => {
      connections.engage(request)
      serve({ socket, raw, request, caller }, handler)
    })
  })

  function serve(upgraded: Pick<ServedSocket, 'socket' | 'raw' | 'request' | 'caller'>, handler: SocketHandler): void {
    const { socket, caller } = upgraded
    const alive = (): void => void silent.set(socket, 0)
    const say = (error: unknown): void => socket.send(errorMessage(answerOf, error))
    socket.on('error', () => {})
    socket.on('pong', alive)
    socket.on('ping', (data) => {
      if (socket.bufferedAmount < maxPongBytes) socket.pong(data)
    })
    socket.on('close', () => silent.delete(socket))
    const served: ServedSocket = {
      ...upgraded,
      alive,
      tell: (error) => void (socket.bufferedAmount < maxPongBytes && say(error)),
      dismiss(error) {
        socket.removeAllListeners('message')
        say(error)
        socket.close(closeCodeOf(error), answerOf(error).body.error.code)
        setTimeout(() => socket.terminate(), farewellMs).unref()
      },
    }
    // A browser shows its page nothing of an upgrade that was refused, so that this is said by the socket itself.
    try {
      socket.on('close', streams.enter())
    } catch (error) {
      return served.dismiss(error)
    }
    // In case the rights changed while hands were shaken, too: whoever watches is told from now on.
    socket.on(
      'close',
      access.watch(caller, () => served.dismiss(changedRights())),
    )
    handler(served)
  }

  return {
    close() {
      clearInterval(pinging)
      for (const socket of kinds.sockets()) socket.close(1001, 'the hub is closing')
    },
    terminate() {
      for (const socket of kinds.sockets()) socket.terminate()
      for (const raw of passedOn) raw.destroy()
    },
  }
}

/** Ends those that have not answered twice. */
function pingAll(kinds: Kinds, silent: Map<WebSocket, number>): void {
  for (const socket of kinds.sockets()) {
    const misses = silent.get(socket) ?? 0
    if (misses >= 2) socket.terminate()
    silent.set(socket, misses + 1)
    socket.ping()
  }
}

function answerRaw(raw: Duplex, answer: ReturnType<AnswerOf>): number {
  raw.end(rawAnswer(answer))
  return answer.status
}

interface Kinds {
  all: readonly WebSocketServer[]
  sockets(): WebSocket[]
  of(path: string, parameters: string | undefined): WebSocketServer
}

/** Kinds of sockets: plain ones, those that compress, and those whose messages may be large. */
function openKinds(largeMessages: Readonly<Record<string, number>>): Kinds {
  // Pings are answered by whoever serves them.
  const open = (maxPayload: number, perMessageDeflate = false): WebSocketServer =>
    new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate, autoPong: false })
  const plain = open(maxRequestBytes)
  const compressed = open(maxRequestBytes, true)
  const large = new Map(Object.entries(largeMessages).map(([path, bytes]) => [path, open(bytes)]))
  const all = [plain, compressed, ...large.values()]
  return {
    all,
    sockets: () => all.flatMap(({ clients }) => [...clients]),
    of: (path, parameters = '') => large.get(path) ?? (compressParameter.test(parameters) ? compressed : plain),
  }
}

/** The same, in `all` for as long as it is open. */
function remembered(all: Set<Duplex>, raw: Duplex): Duplex {
  all.add(raw)
  return raw.on('close', () => all.delete(raw))
}

function noHandshake({ message }: Error): LogboomError {
  return new LogboomError('request-invalid', `This is no handshake of a WebSocket: ${message}.`)
}

function errorMessage(answerOf: AnswerOf, error: unknown): string {
  return JSON.stringify({ type: 'error', ...answerOf(error).body })
}

/** Error of an upgrade whose address has parameters. */
function misplaced(parameters: string): LogboomError {
  const names = [...new Set(new URLSearchParams(parameters).keys())].join(', ')
  const hint = 'What to follow is said in a message, as JSON, once the socket is open; docs/api.md shows how.'
  return new LogboomError('request-invalid', `${names} cannot stand in the address of a WebSocket.`, { hint })
}

function closeCodeOf(error: unknown): number {
  if (!(error instanceof LogboomError)) return closeCodes.failed
  if (error.code === 'too-many') return closeCodes.sharedBound
  return error.code === 'too-often' || error.code === 'sign-in-needed' ? closeCodes.ownBound : closeCodes.failed
}
