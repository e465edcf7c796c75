// Logboom as people run it: `logboom up` without processes and without log files beside the store; records over HTTP, queries
// over HTTP. Nothing is settled by asking: what is not sealed yet is sealed by a process of its own between two lives of the hub.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { prepareHub } from '../../../test/hub-process.ts'
import { pageRecords, type Answer, type Peer, type PeerType, type QueryName, type Subject } from '../peer.ts'
import { bytesIn, usageOf } from '../process-usage.ts'
import { secondsOf } from '../stopwatch.ts'
import type { Sealed } from './seal-main.ts'
import { sendFile } from './send-file.ts'
import { untilQuiet } from './until-quiet.ts'

export const logboom: PeerType = {
  name: 'Logboom',
  about: 'over HTTP, newline JSON in; words are looked for in all fields',
  open: openLogboom,
}

async function openLogboom(_directory: string, subject: Subject): Promise<Peer> {
  const hub = prepareHub({ processes: {}, sinks: { logFile: false, sessionFile: false } })
  let cpuAtStart = 0
  let cpuBefore = 0
  let peakBefore = 0

  async function start(): Promise<void> {
    await hub.start()
    cpuAtStart = usageOf(hub.pid).cpuSeconds
  }

  function usage() {
    const { cpuSeconds, peakMb } = usageOf(hub.pid)
    return { cpuSeconds: cpuBefore + cpuSeconds - cpuAtStart, peakMb: Math.max(peakBefore, peakMb) }
  }

  async function end(): Promise<void> {
    ;({ cpuSeconds: cpuBefore, peakMb: peakBefore } = usage())
    await hub.end('SIGTERM')
  }

  async function get(path: string, words: Record<string, string>): Promise<unknown> {
    const response = await fetch(`${hub.url}/api/v1/${path}?${new URLSearchParams(words)}`)
    if (!response.ok) throw new Error(`Logboom: ${response.status} ${await response.text()}`)
    return await response.json()
  }

  async function query(name: QueryName): Promise<Answer> {
    const startedAt = performance.now()
    const hits = await hitsOf(name, subject, get)
    const milliseconds = performance.now() - startedAt
    // Lines of the hub itself are there, too.
    return { milliseconds, hits: hits > subject.truth.records ? hits - (await ownRecords()) : hits }
  }

  async function ownRecords(): Promise<number> {
    return ((await get('summary', { query: 'source:logboom' })) as { count: number }).count
  }

  try {
    await start()
  } catch (error) {
    await hub.close()
    throw error
  }
  return {
    ingest: (file, pace) => sendFile(file, `${hub.url}/api/v1/ingest`, pace),
    async settle() {
      let besideSeconds = await untilQuiet({ cpuSeconds: () => usageOf(hub.pid).cpuSeconds })
      besideSeconds += await secondsOf(end)
      const { cpuSeconds, peakMb } = await seal(hub.stateDirectory)
      cpuBefore += cpuSeconds
      peakBefore = Math.max(peakBefore, peakMb)
      return besideSeconds + (await secondsOf(start))
    },
    async restart() {
      await end()
      await start()
    },
    query,
    usage,
    bytesOnDisk: () => bytesIn(hub.stateDirectory),
    get pingUrl() {
      return `${hub.url}/api/v1/hub`
    },
    close: () => hub.close(),
  }
}

async function seal(stateDirectory: string): Promise<Sealed> {
  const child = fork(new URL('./seal-main.ts', import.meta.url), [stateDirectory])
  const [sealed] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`Sealing ended with code ${code}`))),
  ])) as [Sealed]
  return sealed
}

async function hitsOf(
  name: QueryName,
  { needles, from, to }: Subject,
  get: (path: string, words: Record<string, string>) => Promise<unknown>,
): Promise<number> {
  const page = async (query: string, limit = pageRecords): Promise<number> => {
    const { records } = (await get('search', { query, limit: String(limit) })) as { records: unknown[] }
    return records.length
  }
  const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0)
  switch (name) {
    case 'rare token':
      return await page(needles.rareToken)
    case 'rare word':
      return await page(needles.rareWord)
    case 'rare word, newest one':
      return await page(needles.rareWord, 1)
    case 'substring':
      return await page(needles.substring)
    case 'regular expression':
      return await page(`/${needles.regularExpression}/`)
    case 'level>=error, last 200':
      return await page('level>=error')
    case 'one source, last 200':
      return await page(`source:${needles.source}`)
    case 'no filter, last 200':
      return await page('')
    case 'histogram': {
      const bucketMs = String(Math.ceil((to - from) / 60))
      const answer = await get('summary', { from: String(from), to: String(to), bucketMs })
      const { histogram } = answer as { histogram: { counts: Record<string, number[]> } }
      return sum(Object.values(histogram.counts).flat())
    }
    case 'facets': {
      const answer = await get('summary', { facets: 'source,level,logger' })
      const [{ top, other }] = (answer as { facets: [{ top: { count: number }[]; other: number }] }).facets
      return sum(top.map(({ count }) => count)) + other
    }
    case 'count of a common word':
      return ((await get('summary', { query: needles.commonWord })) as { count: number }).count
  }
}
