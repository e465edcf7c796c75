// `logboom merge --follow` of a directory whose files are rotated in all the ways that there are: each line comes once.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { appendFileSync, copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs' // oxfmt-ignore
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { seededRandom } from '../../src/query/random-query-harness.ts'
import { until } from '../hub-process.ts'

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
const seeds = process.env.LOGBOOM_SEED ? [Number(process.env.LOGBOOM_SEED)] : [1, 2, 3]

for (const seed of seeds)
  test(`what is written comes once, seed ${seed}`, async (t) => {
    const random = seededRandom(seed)
    const directory = mkdtempSync(path.join(tmpdir(), 'logboom-follow-'))
    t.after(() => rmSync(directory, { recursive: true }))
    const at = (name: string): string => path.join(directory, name)
    writeFileSync(at('app.log'), '')
    const child = spawn(process.execPath, [bin, 'merge', '.', '--follow', '--raw'], { cwd: directory, env: { ...process.env, TZ: 'UTC' } }) // oxfmt-ignore
    t.after(() => child.kill('SIGKILL'))
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += String(data)))
    const written: string[] = []
    const done: string[] = []
    const isThere = (): Promise<unknown> => until(`${written.at(-1)} of seed ${seed} after ${done.join(', ')}`, () => written.length === 0 || output.includes(`${written.at(-1)}\n`), 20_000) // oxfmt-ignore
    function write(name: string): void {
      for (let n = random(3); n >= 0; n--) {
        written.push(`line-${written.length}.`)
        appendFileSync(at(name), `${new Date().toISOString()} INFO ${written.at(-1)}\n`)
      }
    }
    function shift(): void {
      for (let n = 5; n > 0; n--)
        for (const end of ['', '.gz'])
          if (existsSync(at(`app.log.${n}${end}`))) renameSync(at(`app.log.${n}${end}`), at(`app.log.${n + 1}${end}`))
    }
    let day = 20251019
    const steps: Record<string, () => Promise<void> | void> = {
      appended: () => write('app.log'),
      rotated() {
        shift()
        renameSync(at('app.log'), at('app.log.1'))
        if (random(2)) write('app.log.1')
        write('app.log')
      },
      async 'copied and truncated'() {
        await isThere()
        shift()
        copyFileSync(at('app.log'), at('app.log.1'))
        truncateSync(at('app.log'))
        // Nobody could tell a file that has grown to its old size at once.
        await sleep(300)
        write('app.log')
      },
      async compressed() {
        await isThere()
        if (!existsSync(at('app.log.1'))) return
        writeFileSync(at('app.log.1.gz'), gzipSync(readFileSync(at('app.log.1'))))
        rmSync(at('app.log.1'))
      },
      async removed() {
        await isThere()
        rmSync(at('app.log'))
        write('app.log')
      },
      'a file of its own': () => write(`other${random(3)}.log`),
      'a file of a new day': () => write(`daily.${++day}`),
      'a file of this day': () => write(`daily.${day}`),
    }
    for (let step = 0; step < 14; step++) {
      const names = Object.keys(steps)
      const name = names[random(names.length)]!
      done.push(name)
      await steps[name]!()
      if (random(2)) await isThere()
    }
    await isThere()
    await sleep(700)
    const lines = [...output.matchAll(/line-\d+\./g)].map(([line]) => line)
    const count = new Map<string, number>()
    for (const line of lines) count.set(line, (count.get(line) ?? 0) + 1)
    const wrong = written.filter((line) => count.get(line) !== 1).map((line) => `${line} ${count.get(line) ?? 0} times`)
    assert.deepEqual(wrong, [], `LOGBOOM_SEED=${seed}: ${done.join(', ')}`)
  })
