// Identity of an agent in its state directory: an id that is made once, and the word that the hub gave it last, by which a copy of
// the directory is known.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LogboomError } from '../contracts/errors.ts'
import { nodeDisk, type Disk } from '../system/disk.ts'
import { replaceFile } from '../system/new-file.ts'

export interface Identity {
  id(): string
  /** Of this start. */
  life: string
  lease(): string | undefined
  /** For good, before anybody is told. Throws where that cannot be; the word before it goes on to hold. */
  keepLease(lease: string): void
  /** Makes an agent of its own of one that has lost what it captured; true where it was one before. Throws `state-unusable`. */
  begin(): boolean
}

interface Known {
  id: string
  lease?: string
}

const fileName = 'agent.json'

/** Throws `state-unusable`. */
export function openIdentity(stateDirectory: string, disk: Disk = nodeDisk): Identity {
  const path = join(stateDirectory, fileName)
  const before = read(path)
  let known = before ?? { id: randomUUID() }

  function write(next: Known): void {
    replaceFile(path, `${JSON.stringify(next)}\n`, { disk })
    known = next
    disk.syncDirectory(dirname(path))
  }

  function make(): void {
    try {
      write({ id: randomUUID() })
    } catch (cause) {
      throw unusable(path, cause)
    }
  }

  if (!before) make()
  return {
    id: () => known.id,
    life: randomUUID(),
    lease: () => known.lease,
    keepLease: (lease) => write({ ...known, lease }),
    begin() {
      if (before) make()
      return before !== undefined
    },
  }
}

/** Undefined where there is none, or no longer any. A file that cannot be read now may hold one all the same. */
function read(path: string): Known | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unusable(path, cause)
  }
  try {
    const { id, lease } = JSON.parse(text) as { id?: unknown; lease?: unknown }
    if (typeof id !== 'string') return undefined
    return { id, ...(typeof lease === 'string' ? { lease } : {}) }
  } catch {
    return undefined
  }
}

const unusable = (path: string, cause: unknown): LogboomError =>
  new LogboomError('state-unusable', `${path}: ${(cause as Error).message}`, { cause })
