// Properties that only show while records keep coming, of peers that are servers: memory at a steady pace, how searching slows taking in,
// and whether a cheap request is still answered at once.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { formatCount } from '../../src/text/amounts.ts'
import { printTable } from '../table.ts'
import { median, withPeer } from './measure-peer.ts'
import { queryNames, type Peer, type PeerType, type Subject } from './peer.ts'
import { secondsOf } from './stopwatch.ts'
import { readPieces } from './read-pieces.ts'

const paceRecordsPerSecond = 100_000
/** Of the file, for each of the alternating rounds with and without searches. */
const partShare = 0.2
const alternations = 3

export async function measureLive(peers: readonly PeerType[], subject: Subject, scratch: string): Promise<void> {
  const rows: Record<string, string | number>[] = []
  const part = writePart(subject, path.join(scratch, 'part.ndjson'))
  for (const type of peers) {
    await withPeer(type, subject, scratch, async (peer) => {
      const { pingUrl } = peer
      if (pingUrl === undefined) return
      const calm = await whilePinging(pingUrl, async () => await paced(peer, subject))
      const { peakMb } = peer.usage()
      const alone: number[] = []
      const searched: number[] = []
      const busy = await whilePinging(pingUrl, async () => {
        for (let n = 0; n < alternations; n++) {
          alone.push(await ingestSeconds(peer, part.file))
          searched.push(await whileSearching(peer, () => ingestSeconds(peer, part.file)))
        }
      })
      rows.push({
        peer: type.name,
        'lines/s, paced': Math.round(subject.truth.records / calm.result),
        'peak MB': peakMb,
        'ping p99 ms': percentile(calm.times, 0.99),
        'ping max ms': percentile(calm.times, 1),
        'lines/s, flat out': Math.round(part.records / median(alone)),
        'and searched': Math.round(part.records / median(searched)),
        'slower %': 100 * (1 - median(alone) / median(searched)),
        'p99 ms': percentile(busy.times, 0.99),
        'max ms': percentile(busy.times, 1),
      })
    })
  }
  if (rows.length > 0)
    printTable(
      `At ${formatCount(paceRecordsPerSecond)} lines/s, then flat out alone and searched without a pause; a ping every 10 ms`,
      rows,
    )
}

function writePart({ file, truth }: Subject, to: string): { file: string; records: number } {
  const fd = openSync(to, 'w')
  let bytes = 0
  let records = 0
  for (const piece of readPieces(file)) {
    for (let at = 0; at < piece.length;) at += writeSync(fd, piece, at)
    for (const byte of piece) if (byte === 10) records++
    bytes += piece.length
    if (bytes > truth.bytes * partShare) break
  }
  closeSync(fd)
  return { file: to, records }
}

const paced = (peer: Peer, { file }: Subject): Promise<number> =>
  secondsOf(() => peer.ingest(file, { recordsPerSecond: paceRecordsPerSecond }))

const ingestSeconds = (peer: Peer, file: string): Promise<number> => secondsOf(() => peer.ingest(file))

/** A person who asks everything, one question after the other. */
async function whileSearching<Result>(peer: Peer, work: () => Promise<Result>): Promise<Result> {
  let working = true
  const searching = (async () => {
    while (working) for (const name of queryNames) if (working) await peer.query(name)
  })()
  try {
    return await work()
  } finally {
    working = false
    await searching
  }
}

async function whilePinging<Result>(
  url: string,
  work: () => Promise<Result>,
): Promise<{ result: Result; times: number[] }> {
  const child = fork(new URL('./ping-main.ts', import.meta.url), [url])
  try {
    const result = await work()
    if (child.exitCode !== null) throw new Error(`${url} did not answer a ping`)
    const times = once(child, 'message') as Promise<[number[]]>
    child.send('end')
    return { result, times: (await times)[0] }
  } finally {
    child.kill('SIGKILL')
  }
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN
