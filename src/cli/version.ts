// Logboom's version, from its manifest: two folders up in a checkout, three in the package.
import { existsSync, readFileSync } from 'node:fs'

export function readVersion(): string {
  const near = new URL('../../package.json', import.meta.url)
  const file = existsSync(near) ? near : new URL('../../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
