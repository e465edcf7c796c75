// Whatever moment the writer dies at, files brought back to the last save and fed again hold each entry once, in order.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { batchAt, feed, openCrashSinks, type CrashPlan } from './crash-child.ts'
import { parseLogName } from './log-names.ts'
import { scratch } from './sink-test-batch.ts'

/** Ids in the files of one name, in the order of the files; asserts that they ascend within each file. */
function idsIn(directory: string, base: string): number[] {
  const files = readdirSync(directory).flatMap((file) => {
    const name = parseLogName(file)
    return name?.base === base ? [{ file, name }] : []
  })
  const ids = files.flatMap(({ file, name }) => {
    const bytes = readFileSync(path.join(directory, file))
    const lines = (name.compressed ? gunzipSync(bytes) : bytes).toString().split('\n')
    assert.equal(lines.pop(), '', `${file} ends in the middle of an entry`)
    const ids = lines.map((line) => {
      const match = /line (\d+) (\.*)$/.exec(line)
      assert.ok(match && match[2]!.length === Number(match[1]) % 50, `${file} has a torn entry: ${line}`)
      return Number(match[1])
    })
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
      `${file} is out of order`,
    )
    return [{ ids, part: name.part ?? Number.POSITIVE_INFINITY }]
  })
  const rotated = files.length > 0 ? ids.sort((a, b) => a.part - b.part) : []
  return rotated.flatMap((file) => file.ids)
}

function check(plan: CrashPlan): void {
  const bySource = new Map<string, number[]>()
  const bySession = new Map<string, number[]>()
  const lastRun = new Map<string, number>()
  for (let id = 1; id <= plan.last;) {
    const batch = batchAt(id, plan.last)
    if (!plan.append && lastRun.get(batch.source) !== batch.run) {
      // Only the last two runs have files.
      const before = bySource.get(batch.source) ?? []
      const run = lastRun.get(batch.source)
      bySource.set(
        batch.source,
        before.filter((old) => batchAt(old, old).run === run),
      )
    }
    lastRun.set(batch.source, batch.run)
    for (const [map, key] of [
      [bySource, batch.source],
      [bySession, batch.session],
    ] as const) {
      map.set(key, [...(map.get(key) ?? []), ...batch.id])
    }
    id += batch.count
  }
  for (const [source, expected] of bySource) {
    const found = idsIn(path.join(plan.directory, 'logs'), source)
    // The previous run's last file has no number, so it is not where its number would stand.
    const inOrder = plan.append ? found : found.sort((a, b) => a - b)
    const kept = inOrder.slice(-expected.length)
    assert.deepEqual(kept, expected, `${source} of ${JSON.stringify(plan)}`)
    assert.equal(new Set(inOrder).size, inOrder.length, `${source} has entries twice`)
  }
  for (const [session, expected] of bySession) {
    assert.deepEqual(idsIn(path.join(plan.directory, 'sessions'), session), expected)
  }
}

class Crash extends Error {}

test('a writer that stops anywhere between two calls is followed by one that completes its files', async (t) => {
  for (let seed = 1; seed <= 5; seed++) {
    const plan: CrashPlan = {
      directory: scratch(t),
      seed,
      last: 2000,
      append: seed % 4 === 0,
      compress: false,
      rotateBytes: [1024, 3000, 20_000][seed % 3]!,
    }
    for (let life = 0; ; life++) {
      const opened = openCrashSinks({ ...plan, seed: seed * 100 + life })
      let steps = 0
      const end = life < 12 ? 1 + ((seed * 31 + life * 17) % 60) : Number.POSITIVE_INFINITY
      try {
        await feed(plan, opened, () => (++steps === end ? Promise.reject(new Crash()) : Promise.resolve()))
        opened.save()
        for (const sink of opened.sinks) sink.close()
        break
      } catch (error) {
        if (!(error instanceof Crash)) throw error
        // Left lying as it is; closing only frees the handles, and writes at most what a crash a moment later had written.
        for (const sink of opened.sinks) sink.close()
      } finally {
        assert.deepEqual(opened.warnings, [])
      }
    }
    check(plan)
  }
})

test('a writer that is killed at any moment is followed by one that completes its files', async (t) => {
  const child = fileURLToPath(new URL('crash-child.ts', import.meta.url))
  for (const [append, compress, rotateBytes] of [
    [false, false, 2000],
    [true, 'gzip', 4000],
  ] as const) {
    const plan: CrashPlan = { directory: scratch(t), seed: rotateBytes, last: 12_000, append, compress, rotateBytes }
    let done = false
    let kills = 0
    while (!done) {
      const life = spawn(process.execPath, [child, JSON.stringify({ ...plan, seed: plan.seed + kills })], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const exit = once(life, 'exit')
      if (kills < 8) {
        await once(life.stdout, 'data')
        await delay((kills * 37) % 100)
        life.kill('SIGKILL')
        kills++
      }
      const [code] = (await exit) as [number | null]
      done = code === 0
      assert.ok(code === 0 || code === null, `ended with ${code}`)
    }
    assert.ok(kills > 3)
    check(plan)
  }
})
