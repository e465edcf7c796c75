// The product's version, read from its manifest, which lies at another depth in the built package than in a checkout.
import { readFileSync } from 'node:fs'

function readVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        name: string
        version: string
      }
      if (manifest.name === 'logboom') return manifest.version
    } catch {
      // Not at this depth.
    }
  }
  return 'unknown'
}

export const version: string = readVersion()
