// The body of a request as bytes in memory of their own, which can be given to another thread; inflated as it comes where it was
// compressed, and never more than a bound.
import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { LogboomError } from '../contracts/errors.ts'
import { formatAmount } from '../text/amounts.ts'
import type { ByteRoom } from './bounds/byte-room.ts'

export interface BodyLimits {
  maxBytes: number
  /** Without a byte for so long it is given up. */
  idleMs: number
  /** Longest time for a whole body while others wait; time that it waited itself does not count. */
  patienceMs: number
}

export interface ReceivedBody {
  bytes: Uint8Array<ArrayBuffer>
  /** Gives back its room. */
  release(): void
}

const inflaters: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip({ chunkSize: inflateChunkBytes }),
  'x-gzip': () => createGunzip({ chunkSize: inflateChunkBytes }),
  zstd: () => createZstdDecompress({ chunkSize: inflateChunkBytes }),
}
const inflateChunkBytes = 256 * 1024
const firstBytes = 64 * 1024
const growth = 4

/** Throws `too-large`, `too-slow`, or `request-invalid` with status 400 or 415. */
export async function readBody(request: IncomingMessage, limits: BodyLimits, room: ByteRoom): Promise<ReceivedBody> {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && !Object.hasOwn(inflaters, encoding)) {
    const message = `The content-encoding ${encoding} is not known.`
    throw refusal(415, message, 'Send it plain, or once compressed with gzip or zstd.')
  }
  if (Number(request.headers['content-length']) > limits.maxBytes) throw tooLarge(limits.maxBytes)
  const inflater = inflaters[encoding]?.()
  try {
    return await collect(request, inflater, limits, room)
  } finally {
    inflater?.destroy()
  }
}

function collect(
  request: IncomingMessage,
  inflater: Transform | undefined,
  { maxBytes, idleMs, patienceMs }: BodyLimits,
  room: ByteRoom,
): Promise<ReceivedBody> {
  return new Promise((resolve, reject) => {
    const source: Readable = inflater ? request.pipe(inflater) : request
    const declared = Number(request.headers['content-length'] ?? Infinity)
    const mostBytes = inflater ? maxBytes : Math.min(maxBytes, declared)
    let bytes: Uint8Array<ArrayBuffer> = Buffer.allocUnsafeSlow(Math.min(mostBytes, firstBytes))
    let length = 0
    let comingMs = 0
    /** Infinity while it waits for room. */
    let comesSince = performance.now()
    const place = room.enter({ wanted })
    const idle = setTimeout(noticeIdle, idleMs)

    function stop(): void {
      clearTimeout(idle)
      request.off('data', noticeBytes).off('close', cutOff).off('error', fail)
      source.off('data', take).off('end', finish).off('error', fail)
    }
    function fail(error: Error): void {
      stop()
      place.leave()
      request.unpipe()
      // The rest of the body goes nowhere.
      request.on('error', () => undefined).resume()
      inflater?.on('error', () => undefined)
      reject(inflater && isOfZlib(error) ? notCompressed(error) : error)
    }
    function cutOff(): void {
      if (!request.complete) fail(refusal(400, 'The body was cut off.'))
    }
    function wanted(): void {
      if (comingMs + performance.now() - comesSince < patienceMs) return
      fail(tooSlow(`${formatAmount(length, 'byte')} came in ${patienceMs / 1000} s, and others waited`))
    }
    function noticeIdle(): void {
      if (comesSince === Infinity) idle.refresh()
      else fail(tooSlow(`nothing came for ${idleMs / 1000} s`))
    }
    function noticeBytes(): void {
      idle.refresh()
    }
    function take(chunk: Buffer): void {
      if (length + chunk.length > maxBytes) return fail(tooLarge(maxBytes))
      if (place.grow(chunk.length, goOn)) return keep(chunk)
      comingMs += performance.now() - comesSince
      comesSince = Infinity
      source.pause()

      function goOn(): void {
        comesSince = performance.now()
        idle.refresh()
        keep(chunk)
        source.resume()
      }
    }
    function keep(chunk: Buffer): void {
      if (length + chunk.length > bytes.length) {
        const larger = Buffer.allocUnsafeSlow(
          Math.min(mostBytes, Math.max(bytes.length * growth, length + chunk.length)),
        )
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes.set(chunk, length)
      length += chunk.length
    }
    function finish(): void {
      stop()
      place.settle()
      resolve({ bytes: bytes.subarray(0, length), release: place.leave })
    }
    request.on('data', noticeBytes).on('close', cutOff).on('error', fail)
    source.on('data', take).on('end', finish).on('error', fail)
  })
}

function isOfZlib({ code = '' }: NodeJS.ErrnoException): boolean {
  return /^(Z_|ZSTD_|ERR_TRAILING|ERR_ZSTD)/.test(code)
}

function notCompressed({ message }: Error): LogboomError {
  return refusal(400, `The body is not what its content-encoding says: ${message}.`)
}

function tooLarge(maxBytes: number): LogboomError {
  return new LogboomError('too-large', `The body has more than ${formatAmount(maxBytes, 'byte')}.`)
}

function tooSlow(why: string): LogboomError {
  return new LogboomError('too-slow', `The body came too slowly: ${why}.`)
}

function refusal(statusCode: number, message: string, hint?: string): LogboomError {
  return Object.assign(new LogboomError('request-invalid', message, hint ? { hint } : {}), { statusCode })
}
