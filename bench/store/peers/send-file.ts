// Posts a file of newline JSON as a careful client would: a mebibyte at a time, two on their way, each answered before it
// counts; as fast as they are taken, or at a pace.
import { setTimeout as sleep } from 'node:timers/promises'
import { readPieces } from '../read-pieces.ts'

const onTheirWay = 2

export async function sendFile(file: string, url: string, pace?: { recordsPerSecond: number }): Promise<void> {
  const pieces = readPieces(file)
  const startedAt = performance.now()
  let records = 0

  async function sendAll(): Promise<void> {
    for (const piece of pieces) {
      if (pace) {
        const dueMs = startedAt + (records * 1000) / pace.recordsPerSecond
        await sleep(Math.max(0, dueMs - performance.now()))
        for (const byte of piece) if (byte === 10) records++
      }
      await post(url, piece)
    }
  }
  await Promise.all(Array.from({ length: onTheirWay }, sendAll))
}

async function post(url: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/x-ndjson' } })
  const text = await response.text()
  if (!response.ok) throw new Error(`POST ${url} was answered with ${response.status}: ${text}`)
}
