// The store against other ways of keeping logs: ingest, bytes and answers. From the environment: RECORDS (2000000), ROUNDS (5),
// SEED (1), PEERS (names with commas between), BIG=1 (one more round, of 20 million), ZSTD_MB (1024: so much of the raw bytes
// is compared with zstd -19, which takes minutes for each gigabyte), VICTORIA_LOGS (path of its binary).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { formatCount } from '../src/text/amounts.ts'
import { compress, type Compression } from './store/compress.ts'
import { measureLive } from './store/measure-live.ts'
import { measurePeer } from './store/measure-peer.ts'
import type { PeerType, Subject } from './store/peer.ts'
import { peerTypes } from './store/peers/index.ts'
import { prepareSubject } from './store/prepare-subject.ts'
import { readPieces } from './store/read-pieces.ts'
import { report, type Rounds } from './store/report.ts'

const { RECORDS = '2000000', ROUNDS = '5', SEED = '1', PEERS, BIG, ZSTD_MB = '1024' } = process.env
const bigRecords = 20_000_000
/** A row in SQLite takes too long to write for as many. */
const smallOnly = /^SQLite/

export async function store(): Promise<void> {
  const peers = choosePeers()
  await compare(peers, Number(RECORDS), Number(ROUNDS))
  if (BIG === '1')
    await compare(
      peers.filter(({ name }) => !smallOnly.test(name)),
      bigRecords,
      1,
    )
}

function choosePeers(): PeerType[] {
  const wanted = PEERS?.split(',').map((name) => name.trim().toLowerCase())
  const unknown = wanted?.find((name) => !peerTypes.some((type) => type.name.toLowerCase() === name))
  if (unknown !== undefined)
    throw new Error(`PEERS: there is no "${unknown}", but ${peerTypes.map(({ name }) => name).join(', ')}`)
  return peerTypes.filter((type) => {
    if (wanted && !wanted.includes(type.name.toLowerCase())) return false
    const missing = type.missing?.()
    console.log(`${type.name}: ${missing === undefined ? type.about : `not here; ${missing}`}`)
    return missing === undefined
  })
}

async function compare(peers: readonly PeerType[], records: number, rounds: number): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'logboom-bench-'))
  const removeScratch = (): void => rmSync(scratch, { recursive: true, force: true })
  process.on('exit', removeScratch)
  try {
    const subject = prepareSubject(scratch, records, Number(SEED))
    const { bytes } = subject.truth
    console.log(`\nSeed ${SEED}: ${formatCount(records)} records, ${formatCount(bytes)} bytes`)
    const measured: Rounds = new Map(peers.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      const turn = round % peers.length
      for (const type of [...peers.slice(turn), ...peers.slice(0, turn)]) {
        console.log(`round ${round + 1} of ${rounds}: ${type.name}`)
        measured.get(type.name)!.push(await measurePeer(type, subject, scratch))
      }
    }
    report(subject, measured, await compressGeneral(subject))
    await measureLive(peers, subject, scratch)
  } finally {
    removeScratch()
    process.off('exit', removeScratch)
  }
}

function compressGeneral({ file }: Subject): Promise<Compression> {
  return compress(
    (function* () {
      let bytes = 0
      for (const piece of readPieces(file)) {
        if (bytes >= Number(ZSTD_MB) * 2 ** 20) return
        yield piece
        bytes += piece.length
      }
    })(),
  )
}
