// Certificate and key of the hub's own TLS, read again when the files change, so that whatever renews them need not know of the hub.
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { LogboomError } from '../contracts/errors.ts'

/** Paths of PEM files. */
export interface TlsFiles {
  cert: string
  key: string
}

export interface Certificate {
  cert: Buffer
  key: Buffer
}

/** Looks are cheap, and find files that are put in place by links and on other machines, too. */
const lookMs = 2000

/** Throws `tls-invalid`. */
export function readCertificate({ cert, key }: TlsFiles): Certificate {
  try {
    const pair = { cert: readFileSync(cert), key: readFileSync(key) }
    createSecureContext(pair)
    return pair
  } catch (cause) {
    throw new LogboomError('tls-invalid', `TLS with ${cert} and ${key}: ${(cause as Error).message}`, { cause })
  }
}

/** `changed` gets the new pair, `failed` why one cannot be used; the old one stays in use then. Gives what ends that. */
export function watchCertificate(
  files: TlsFiles,
  { changed, failed }: { changed(pair: Certificate): void; failed(error: Error): void },
): () => void {
  let seen = lookOf(files)
  const timer = setInterval(() => {
    const now = lookOf(files)
    if (now === seen) return
    seen = now
    try {
      changed(readCertificate(files))
    } catch (error) {
      failed(error as Error)
    }
  }, lookMs).unref()
  return () => clearInterval(timer)
}

function lookOf({ cert, key }: TlsFiles): string {
  return [cert, key].map(lookAt).join(', ')
}

function lookAt(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path)
    return `${ino} ${size} ${mtimeMs}`
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'missing'
  }
}
