// A peer in one round: takes everything in, settles, answers everything. A wrong answer ends the benchmark: how fast it was
// does not matter then.
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import path from 'node:path'
import { expectedHits, queryNames, type Peer, type PeerType, type QueryName, type Subject } from './peer.ts'

/** Asked first, before anything was read, after a start. */
export const firstQuestions: readonly QueryName[] = ['no filter, last 200', 'rare token']

export interface Measured {
  /** Until the last record was acknowledged. */
  ingestSeconds: number
  /** Until everything had its final form. */
  settledSeconds: number
  cpuSeconds: number
  peakMb: number
  bytesOnDisk: number
  /** Milliseconds of the first answer after a start. */
  first: Partial<Record<QueryName, number>>
  /** Milliseconds, the median of some. */
  warm: Partial<Record<QueryName, number>>
}

const repeats = 5
/** Questions that take longer are asked once. */
const repeatMs = 1000

/** In a directory of its own below `scratch`, which is gone afterwards. */
export async function measurePeer(type: PeerType, subject: Subject, scratch: string): Promise<Measured> {
  return await withPeer(type, subject, scratch, async (peer) => {
    const before = peer.usage()
    const startedAt = performance.now()
    await peer.ingest(subject.file)
    const ingestSeconds = (performance.now() - startedAt) / 1000
    const besideSeconds = await peer.settle()
    const settledSeconds = (performance.now() - startedAt) / 1000 - besideSeconds
    const { cpuSeconds, peakMb } = peer.usage()
    const bytesOnDisk = peer.bytesOnDisk()

    const ask = async (name: QueryName): Promise<number | undefined> => {
      const answer = await peer.query(name)
      const expected = expectedHits(name, subject)
      if (answer && answer.hits !== expected)
        throw new Error(`${type.name} answers "${name}" with ${answer.hits} instead of ${expected} records`)
      return answer?.milliseconds
    }
    const first: Measured['first'] = {}
    for (const name of firstQuestions) {
      await peer.restart()
      first[name] = await ask(name)
    }
    const warm: Measured['warm'] = {}
    for (const name of queryNames) {
      const times = [await ask(name)]
      if (times[0] === undefined) continue
      while (times.length <= repeats && times[0] < repeatMs) times.push(await ask(name))
      warm[name] = median((times.length > 1 ? times.slice(1) : times) as number[])
    }
    return {
      ingestSeconds,
      settledSeconds,
      cpuSeconds: cpuSeconds - before.cpuSeconds,
      peakMb,
      bytesOnDisk,
      first,
      warm,
    }
  })
}

export async function withPeer<Result>(
  type: PeerType,
  subject: Subject,
  scratch: string,
  work: (peer: Peer) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(path.join(scratch, 'peer-'))
  try {
    const peer = await type.open(directory, subject)
    try {
      return await work(peer)
    } finally {
      await peer.close()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}
