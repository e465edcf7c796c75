// VictoriaLogs, when the environment variable VICTORIA_LOGS names its binary: started on loopback, with its defaults but for
// retention. It is told which field to look in where Logboom looks in all.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../test/free-port.ts'
import { pageRecords, type Answer, type Peer, type PeerType, type QueryName, type Subject } from '../peer.ts'
import { bytesIn, usageOf } from '../process-usage.ts'
import { untilQuiet } from './until-quiet.ts'
import { sendFile } from './send-file.ts'

const binary = process.env.VICTORIA_LOGS
const startMs = 30_000

export const victoriaLogs: PeerType = {
  name: 'VictoriaLogs',
  about: 'over HTTP, newline JSON in, _stream_fields=source; words and substrings are looked for in the message only',
  missing: () =>
    binary !== undefined && existsSync(binary) ? undefined : 'set VICTORIA_LOGS to the path of its binary',
  open: openVictoriaLogs,
}

async function openVictoriaLogs(directory: string, subject: Subject): Promise<Peer> {
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  let cpuBefore = 0
  let peakBefore = 0
  let child = await start()

  async function start(): Promise<ChildProcess> {
    const words = [
      `-httpListenAddr=${address}`,
      `-storageDataPath=${path.join(directory, 'data')}`,
      '-retentionPeriod=100y',
    ]
    const started = spawn(binary!, words, { stdio: 'ignore' })
    for (const deadline = performance.now() + startMs; started.exitCode === null; await sleep(10)) {
      if (await isUp(url)) return started
      if (performance.now() > deadline) break
    }
    started.kill('SIGKILL')
    throw new Error(`VictoriaLogs (${binary}) does not answer at ${url}`)
  }

  async function end(): Promise<void> {
    const { cpuSeconds, peakMb } = usageOf(child.pid!)
    cpuBefore += cpuSeconds
    peakBefore = Math.max(peakBefore, peakMb)
    const exit = once(child, 'exit')
    child.kill('SIGINT')
    await exit
  }

  async function ask(
    endpoint: string,
    words: Record<string, string>,
  ): Promise<{ milliseconds: number; lines: unknown[] }> {
    const startedAt = performance.now()
    const response = await fetch(`${url}/select/logsql/${endpoint}`, {
      method: 'POST',
      body: new URLSearchParams(words),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`VictoriaLogs: ${response.status} ${text}`)
    const lines = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]))
    return { milliseconds: performance.now() - startedAt, lines }
  }

  async function query(name: QueryName): Promise<Answer> {
    if (name === 'histogram') {
      const { from, to } = subject
      const step = `${Math.ceil((to - from) / 60)}ms`
      const { milliseconds, lines } = await ask('hits', {
        query: '*',
        start: iso(from),
        end: iso(to),
        step,
        field: 'level',
      })
      const [{ hits }] = lines as [{ hits: { total: number }[] }]
      return { milliseconds, hits: hits.reduce((sum, { total }) => sum + total, 0) }
    }
    const { words, counts } = wordsOf(name, subject)
    const { milliseconds, lines } = await ask('query', words)
    if (!counts) return { milliseconds, hits: lines.length }
    return { milliseconds, hits: lines.reduce<number>((sum, line) => sum + Number((line as { n: string }).n), 0) }
  }

  return {
    ingest: (file, pace) =>
      sendFile(file, `${url}/insert/jsonline?_stream_fields=source&_msg_field=message&_time_field=time`, pace),
    async settle() {
      await fetch(`${url}/internal/force_flush`)
      // VictoriaLogs keeps records in memory for some seconds after it was told to flush, and says nothing of that.
      return await untilQuiet({
        cpuSeconds: () => usageOf(child.pid!).cpuSeconds,
        bytes: () => bytesIn(directory),
        restMs: 10_000,
      })
    },
    async restart() {
      await end()
      child = await start()
    },
    query,
    usage() {
      const { cpuSeconds, peakMb } = usageOf(child.pid!)
      return { cpuSeconds: cpuBefore + cpuSeconds, peakMb: Math.max(peakBefore, peakMb) }
    },
    bytesOnDisk: () => bytesIn(directory),
    pingUrl: `${url}/health`,
    async close() {
      if (child.exitCode === null && child.signalCode === null) await end()
    },
  }
}

/** With `limit` it gives the newest. Facets are one pass over all three names: its own /facets would look at all fields. */
function wordsOf(
  name: Exclude<QueryName, 'histogram'>,
  { needles }: Subject,
): { words: Record<string, string>; counts?: true } {
  const page = (query: string, limit = pageRecords) => ({ words: { query, limit: String(limit) } })
  switch (name) {
    case 'rare token':
      return page(`request_id:"${needles.rareToken}"`)
    case 'rare word':
      return page(needles.rareWord)
    case 'rare word, newest one':
      return page(needles.rareWord, 1)
    case 'substring':
      return page(`~"${needles.substring}"`)
    case 'regular expression':
      return page(`~${JSON.stringify(needles.regularExpression)}`)
    case 'level>=error, last 200':
      return page('level:in(ERROR, FATAL)')
    case 'one source, last 200':
      return page(`{source="${needles.source}"}`)
    case 'no filter, last 200':
      return page('*')
    case 'facets':
      return { words: { query: '* | stats by (source, level, logger) count() n' }, counts: true }
    case 'count of a common word':
      return { words: { query: `${needles.commonWord} | stats count() n` }, counts: true }
  }
}

const iso = (time: number): string => new Date(time).toISOString()

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok
  } catch {
    return false
  }
}
