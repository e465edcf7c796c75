// Identity of an agent in its state directory: an id that is made once, and the word that the hub gave it last, by which a copy of
// the directory is known.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../system/new-file.ts'

export interface Identity {
  id: string
  /** Of this start. */
  life: string
  lease(): string | undefined
  /** For good, before anybody is told. */
  keepLease(lease: string): void
}

const fileName = 'agent.json'

export function openIdentity(stateDirectory: string): Identity {
  const path = join(stateDirectory, fileName)
  let { id, lease } = read(path)
  const write = (): void => replaceFile(path, `${JSON.stringify({ id, lease })}\n`)
  if (id === undefined) {
    id = randomUUID()
    lease = undefined
    write()
  }
  return {
    id,
    life: randomUUID(),
    lease: () => lease,
    keepLease(given) {
      lease = given
      write()
    },
  }
}

/** Nothing where there is none, or no longer any. */
function read(path: string): { id?: string; lease?: string } {
  try {
    const { id, lease } = JSON.parse(readFileSync(path, 'utf8')) as { id?: unknown; lease?: unknown }
    if (typeof id !== 'string') return {}
    return { id, ...(typeof lease === 'string' ? { lease } : {}) }
  } catch {
    return {}
  }
}
