// The application's name, for the default directory of logs (D1).
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** Name in the nearest package.json above `script`; else the script's own name; `node` without a script. */
export function appName(script: string | undefined): string {
  if (script === undefined || script === '') return 'node'
  for (let directory = path.dirname(path.resolve(script)); ; directory = path.dirname(directory)) {
    const name = nameIn(path.join(directory, 'package.json'))
    if (name !== undefined) return name
    if (directory === path.dirname(directory)) return path.parse(script).name || 'node'
  }
}

function nameIn(file: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch {
    return undefined
  }
}

/** `@shop/api` → `shop-api`: one folder, whatever the name holds. */
export function appFolder(name: string): string {
  const plain = name.replace(/^@/, '').replace(/[^A-Za-z0-9._-]+/g, '-')
  return /^\.*$/.test(plain) ? 'node' : plain
}
