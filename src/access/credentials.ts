// Secrets of sessions, tokens and links: 256 random bits, shown once and kept as a hash, which needs no salt, since nobody
// guesses 256 bits.
import { createHash, randomBytes } from 'node:crypto'

/** The prefix by which our tokens are known, and masked, wherever they are printed: see secrets/token-shapes.ts. */
export const tokenPrefix = 'logboom_'

export function makeSecret(prefix = ''): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
