// Containers with logs that are rotated now and then, while the way to their engine breaks, the hub is killed and the engine is killed, all
// at random moments. Held against what the engine has in the end: nothing twice, all that is there, and what is missing is told.
import assert from 'node:assert/strict'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startHub } from '../hub-process.ts'
import { hadBy, hasEnded } from '../system/docker/container-oracle.ts'
import { openCuttingProxy } from '../system/docker/cutting-proxy.ts'
import { openDaemon } from '../system/docker/open-daemon.ts'
import { seededRandom } from '../system/store/seeded-random.ts'

const lines = 6000

interface Log {
  driver: 'json-file' | 'local'
  /** Undefined: the engine keeps all, or as much as it does by itself. */
  kilobytes?: number
  files?: number
}

export async function tortureContainers(round: number, seed: number): Promise<string> {
  const random = seededRandom(seed)
  // Killed, an engine loses lines itself; rounds without that show that all which is missing is told.
  const isEngineKilled = round % 2 === 1
  const logs = Array.from({ length: 4 }, (): Log => {
    const driver = random.between(0, 3) === 0 ? 'local' : 'json-file'
    if (random.between(0, 2) === 0) return { driver }
    return { driver, kilobytes: random.between(1, 40), files: random.between(1, 5) }
  })
  const daemon = await openDaemon()
  const way = path.join(path.dirname(daemon.socket), 'way.sock')
  const proxy = await openCuttingProxy(way, daemon.socket)
  const hub = await startHub({ docker: { engine: { host: way } } })
  const done = { cuts: 0, kills: 0, engineKills: 0, told: 0 }
  try {
    for (const [number, { driver, kilobytes, files = 1 }] of logs.entries()) {
      const size = kilobytes === undefined ? [] : [`--log-opt=max-size=${kilobytes}k`, `--log-opt=max-file=${files}`]
      const options = [`--log-driver=${driver}`, ...size]
      // What is not kept cannot be compressed.
      if (driver === 'local' && files === 1 && kilobytes !== undefined) options.push('--log-opt=compress=false')
      const pause = ['0.005', '0.01', '0.02'][random.between(0, 2)]!
      await daemon.run(
        `writer-${number}`,
        `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo line $i; [ $((i % 3)) = 0 ] && echo error $i >&2; [ $((i % 10)) = 0 ] && sleep ${pause}; done; sleep 0.5`,
        ...options,
      )
    }
    while ((await daemon.docker('ps', '-q')).trim() !== '') {
      await sleep(random.between(0, 120))
      const fate = random.between(0, 99)
      if (fate < 80) done.cuts += proxy.cut()
      else if (fate < 93) {
        await hub.kill()
        done.kills++
        await sleep(random.between(0, 200))
        await hub.start()
      } else if (isEngineKilled) {
        await daemon.kill()
        done.engineKills++
        await daemon.start()
      }
    }
    for (const number of logs.keys()) await hasEnded(hub, `writer-${number}`)
    // An engine that was killed may give more when it is asked again.
    for (const [number, log] of logs.entries()) {
      const name = `writer-${number}`
      const had = await hadBy(hub, name)
      const left = await daemon.logs(name)
      for (const stream of ['stdout', 'stderr'] as const) {
        const what = `${stream} of ${name}, ${JSON.stringify(log)}`
        const all = new Set(had[stream])
        assert.equal(all.size, had[stream].length, `twice in ${what}`)
        // After a kill of the hub, lines that a follow had left out are told by their number alone.
        const lost = left[stream].filter((line) => !all.has(line))
        const isTold = had.told.some((text) => /\d+ lines? missing|unknown number/.test(text))
        assert.ok(lost.length === 0 || isTold, `left out of ${what}: ${lost.join(', ')}; told: ${had.told.join('; ')}`)
        done.told += lost.length
        const printed = stream === 'stdout' ? lines : lines / 3
        const isSilent = had[stream].length < printed && !had.told.some((text) => text.includes('missing'))
        assert.ok(
          !isSilent || isEngineKilled || log.files === 1,
          `${printed - had[stream].length} missing, and nobody says so: ${what}`,
        )
      }
    }
    return `${done.cuts} cuts, ${done.kills} kills of the hub, ${done.engineKills} of the engine, ${logs.length} logs, ${done.told} lines told as missing`
  } finally {
    await hub.close()
    await proxy.close()
    await daemon.close()
  }
}
