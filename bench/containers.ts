// Containers of a real engine: from a write in a container to a follower in another process, and many chatty containers at once, held
// line by line against what the engine itself has in the end.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { startHub, until, type HubProcess } from '../test/hub-process.ts'
import { openDaemon, type Daemon } from '../test/system/docker/open-daemon.ts'
import { printTable } from './table.ts'

const rounds = Number(process.env['ROUNDS'] ?? 3)
const rotated = ['--log-driver=json-file', '--log-opt=max-size=10m', '--log-opt=max-file=5']
const [generator, follower] = ['generator.mjs', 'follower.ts'].map((file) => path.join(import.meta.dirname, file)) as [
  string,
  string,
]

async function withHub<Value>(work: (daemon: Daemon, hub: HubProcess) => Promise<Value>): Promise<Value> {
  const daemon = await openDaemon()
  try {
    const hub = await startHub({ docker: { engine: { host: daemon.socket } } })
    try {
      await until('the engine', async () => (await hub.client.sources()).some(({ state }) => state === 'running'))
      return await work(daemon, hub)
    } finally {
      await hub.close()
    }
  } finally {
    await daemon.close()
  }
}

/** Runs the generator in a container that has this machine's Node. */
async function follow(rate: number, count: number, options: readonly string[]): Promise<Record<string, number>> {
  return await withHub(async (daemon, hub) => {
    const child = spawn(process.execPath, [follower, hub.url, '120000'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    await lines.next()
    const there = ['/lib', '/lib64', '/usr/lib', process.execPath, generator]
    const mounts = there.map((place) => `--volume=${place}:${place}:ro`)
    await daemon.run('generator', `exec ${process.execPath} ${generator} ${rate} ${count}`, ...mounts, ...options)
    return JSON.parse((await lines.next()).value as string) as Record<string, number>
  })
}

async function latency(): Promise<void> {
  const rows: Record<string, string | number>[] = []
  for (const [log, options] of Object.entries({ 'one file': [], '10 MB × 5': rotated }))
    for (const rate of [20, 1000])
      for (let round = 0; round < rounds; round++) {
        const { p50, p99, warmP99, lines } = await follow(rate, rate * 8, options)
        rows.push({ log, 'lines/s': rate, 'p50 ms': p50!, 'p99 ms': p99!, 'p99 after 1 s': warmP99!, lost: rate * 8 - lines! }) // prettier-ignore
      }
  printTable('Write in a container to follower (another process, WebSocket)', rows)
}

const chatty = { containers: 20, perSecond: 1000, seconds: 20 }

async function throughput(options: readonly string[]): Promise<Record<string, string | number>> {
  return await withHub(async (daemon, hub) => {
    const { containers, perSecond, seconds } = chatty
    const names = Array.from({ length: containers }, (_, i) => `chatty-${i}`)
    const burst = perSecond / 10
    const text = 's/^/order of basket paid by card, the number of which is /'
    const script = `i=0; while [ $i -lt ${perSecond * seconds} ]; do seq $i $((i + ${burst - 1})) | sed '${text}'; i=$((i + ${burst})); sleep 0.1; done; sleep 1` // prettier-ignore
    const cpuBefore = { hub: hub.cpuSeconds(), engine: cpuOf(daemon.pid) }
    const startedAt = performance.now()
    await Promise.all(names.map((name) => daemon.run(name, script, ...options)))
    const total = containers * perSecond * seconds
    while ((await daemon.docker('ps', '-q')).trim() !== '') await sleep(500)
    const printedMs = performance.now() - startedAt
    await until('the ends', async () => (await ended(hub)) === containers, 120_000)
    const allMs = performance.now() - startedAt
    const [hubCpu, engineCpu] = [hub.cpuSeconds() - cpuBefore.hub, cpuOf(daemon.pid) - cpuBefore.engine]
    let missing = 0
    for (const name of names) {
      const { stdout } = await daemon.logs(name)
      if (stdout.length !== perSecond * seconds) throw new Error(`${name} printed ${stdout.length} lines`)
      let at = 0
      for await (const record of hub.records(`source:${name} stream:stdout`)) if (record.message === stdout[at]) at++
      missing += stdout.length - at
    }
    return {
      'lines/s': Math.round(total / (printedMs / 1000)),
      'hub CPU µs/line': (hubCpu / total) * 1e6,
      'engine CPU µs/line': (engineCpu / total) * 1e6,
      'behind at the end, ms': Math.round(allMs - printedMs),
      'hub peak MB': Math.round(hub.memoryMb().peak),
      missing,
    }
  })
}

async function ended(hub: HubProcess): Promise<number> {
  const { records } = await hub.client.search({ query: 'kind:event "exited with"', limit: 1000 })
  return records.length
}

/** Seconds, user and system. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export async function containers(): Promise<void> {
  await latency()
  const rows: Record<string, string | number>[] = []
  for (const [log, options] of Object.entries({ 'one file': [], '10 MB × 5': rotated }))
    for (let round = 0; round < rounds; round++) rows.push({ log, ...(await throughput(options)) })
  printTable(`${chatty.containers} containers, ${chatty.perSecond} lines a second each, for ${chatty.seconds} s`, rows)
}
