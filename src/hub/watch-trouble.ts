// Asks every two seconds what is wrong and lasts: disks that cannot be written, a clock in doubt, files in the way.
import { formatHold } from '../contracts/retention.ts'
import type { Storage } from '../contracts/storage.ts'

interface Watched {
  storage: Pick<Storage, 'trouble' | 'hold'>
  /** Looks at all else; true when something has changed. */
  look(): Promise<boolean>
  /** No disk is in trouble. */
  onWritable(): void
  changed(): void
}

const lookMs = 2000

/** Resolves after the first look. */
export async function watchTrouble({
  storage,
  look,
  onWritable,
  changed,
}: Watched): Promise<{ found(): string[]; close(): void }> {
  let found: string[] = []

  async function lookOnce(): Promise<void> {
    const isOther = await look()
    const ofDisk = await storage.trouble().catch(() => [])
    const hold = await storage.hold().catch(() => undefined)
    if (ofDisk.length === 0) onWritable()
    const before = found
    found = hold ? [...ofDisk, formatHold(hold)] : ofDisk
    if (isOther || found.join() !== before.join()) changed()
  }

  await lookOnce()
  const timer = setInterval(() => void lookOnce(), lookMs)
  return { found: () => found, close: () => clearInterval(timer) }
}
