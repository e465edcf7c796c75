// The body of a request as bytes in memory of their own, which can be given to another thread; inflated where it was
// compressed, and never more than a bound.
import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import { LogboomError } from '../errors.ts'

export interface BodyLimits {
  maxBytes: number
  /** Without a byte for so long it is given up. */
  idleMs: number
}

const inflaters: Readonly<Record<string, (bytes: Uint8Array, options: object) => Promise<Buffer>>> = {
  gzip: promisify<Uint8Array, object, Buffer>(gunzip),
  'x-gzip': promisify<Uint8Array, object, Buffer>(gunzip),
  zstd: promisify<Uint8Array, object, Buffer>(zstdDecompress),
}
const inflateChunkBytes = 256 * 1024
const firstBytes = 64 * 1024

/** What the body will take at most, as far as its head tells. Throws with status 413 or 415 what cannot be read at all. */
export function bodyBytes({ headers }: IncomingMessage, { maxBytes }: BodyLimits): number {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && !Object.hasOwn(inflaters, encoding)) {
    throw refusal(415, `The content-encoding ${encoding} is not known.`, 'Send it plain, or with gzip or zstd.')
  }
  const length = headers['content-length']
  if (Number(length) > maxBytes) throw tooLarge(maxBytes)
  return length === undefined || encoding !== 'identity' ? maxBytes : Number(length)
}

/** Throws with status 400, 408 or 413. `bodyBytes` must have been asked before. */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await collect(request, limits)
  const inflate = inflaters[request.headers['content-encoding'] ?? '']
  if (!inflate) return bytes
  try {
    const inflated = await inflate(bytes, { maxOutputLength: limits.maxBytes, chunkSize: inflateChunkBytes })
    // Small ones share a buffer with others.
    return inflated.length === inflated.buffer.byteLength
      ? (inflated as Uint8Array<ArrayBuffer>)
      : new Uint8Array(inflated)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limits.maxBytes)
    throw refusal(400, `The body is not what its content-encoding says: ${message}.`)
  }
}

function collect(request: IncomingMessage, { maxBytes, idleMs }: BodyLimits): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    let bytes: Uint8Array<ArrayBuffer> = Buffer.allocUnsafeSlow(Number(request.headers['content-length'] ?? firstBytes))
    let length = 0
    const idle = setTimeout(() => fail(refusal(408, `Nothing came for ${idleMs / 1000} s.`)), idleMs)

    function stop(): void {
      clearTimeout(idle)
      request.off('data', take).off('end', finish).off('close', cutOff).off('error', fail)
    }
    function fail(error: Error): void {
      stop()
      // What is left of it goes nowhere.
      request.on('error', () => undefined).resume()
      reject(error)
    }
    function cutOff(): void {
      fail(refusal(400, 'The body was cut off.'))
    }
    function take(chunk: Buffer): void {
      idle.refresh()
      if (length + chunk.length > bytes.length) {
        if (length + chunk.length > maxBytes) return fail(tooLarge(maxBytes))
        const larger = Buffer.allocUnsafeSlow(Math.min(maxBytes, Math.max(bytes.length * 2, length + chunk.length)))
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes.set(chunk, length)
      length += chunk.length
    }
    function finish(): void {
      stop()
      resolve(bytes.subarray(0, length))
    }
    request.on('data', take).on('end', finish).on('close', cutOff).on('error', fail)
  })
}

function tooLarge(maxBytes: number): Error {
  const text = `The body has more than ${maxBytes.toLocaleString('en')} bytes.`
  return refusal(413, text, 'Send it in several requests.')
}

function refusal(statusCode: number, message: string, hint?: string): LogboomError {
  return Object.assign(new LogboomError('request-invalid', message, hint ? { hint } : {}), { statusCode })
}
