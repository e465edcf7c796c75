// Logs that are rotated and compressed while no hub lives, in the ways that people's log rotation has: each line that stands in a
// file is stored once, and nothing is told as missing that is there.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { prepareHub, until, type HubProcess } from '../hub-process.ts'

const patienceMs = 30_000

interface Case {
  start?: 'beginning' | 'end'
  paths?: string
  /** Before the first hub, in the directory of the case. */
  before?(at: (name: string) => string): void
  /** While the first hub lives; what it returns must be read before the hub is killed. */
  first(at: (name: string) => string): string[]
  /** While no hub lives; returns all lines that must stand in the store afterwards, in no order. */
  meanwhile(at: (name: string) => string): string[]
  /** Causes of the gaps that must be told. */
  gaps?: string[]
}

const lines = (name: string, count = 20): string[] =>
  Array.from({ length: count }, (_, index) => `${name} line ${index} of the log`)
const textOf = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('')
const write = (file: string, all: readonly string[]): string[] => {
  appendFileSync(file, textOf(all))
  return [...all]
}

/** As logrotate: archives are handed on, then the log is renamed and compressed. */
function rotate(log: string, program: 'gzip' | 'zstd' = 'gzip'): void {
  const end = program === 'gzip' ? 'gz' : 'zst'
  for (let part = 9; part >= 1; part--)
    if (existsSync(`${log}.${part}.${end}`)) renameSync(`${log}.${part}.${end}`, `${log}.${part + 1}.${end}`)
  renameSync(log, `${log}.1`)
  compress(`${log}.1`, program)
}

function compress(file: string, program: 'gzip' | 'zstd' = 'gzip'): void {
  execFileSync(program, program === 'gzip' ? [file] : ['--rm', '-q', file])
}

/** Longer than what is remembered of a beginning. */
const banner = lines('banner', 50)
const day1 = ['start of day 1']
const cases: Record<string, Case> = {
  'an unread rest, then two rotations': {
    first: (at) => write(at('app.log'), lines('r0')),
    meanwhile(at) {
      const all = [...lines('r0'), ...write(at('app.log'), lines('rest', 3))]
      for (const round of ['r1', 'r2']) {
        rotate(at('app.log'))
        all.push(...write(at('app.log'), lines(round)))
      }
      return all
    },
  },
  'two rotations of a log that is read from its end': {
    start: 'end',
    before: (at) => {
      write(at('app.log'), lines('old'))
      rotate(at('app.log'))
      write(at('app.log'), lines('from before'))
    },
    first: (at) => write(at('app.log'), lines('r0')),
    meanwhile(at) {
      const all = [...lines('r0'), ...write(at('app.log'), lines('rest', 3))]
      for (const round of ['r1', 'r2']) {
        rotate(at('app.log'))
        all.push(...write(at('app.log'), lines(round)))
      }
      return all
    },
  },
  'three logs of a few bytes, with zstd': {
    first: (at) => ['a', 'b', 'c'].flatMap((name) => write(at(`${name}.log`), [`${name} 1`, `${name} 2`])),
    meanwhile: (at) =>
      ['a', 'b', 'c'].flatMap((name) => {
        write(at(`${name}.log`), [`${name} 3`])
        for (const line of [4, 5]) {
          rotate(at(`${name}.log`), 'zstd')
          write(at(`${name}.log`), [`${name} ${line}`])
        }
        return [1, 2, 3, 4, 5].map((line) => `${name} ${line}`)
      }),
  },
  'the file that was read is moved elsewhere, what took its place is compressed': {
    first: (at) => write(at('app.log'), lines('r0')),
    meanwhile(at) {
      mkdirSync(at('keep'))
      renameSync(at('app.log'), at('keep/x'))
      const all = [...lines('r0'), ...write(at('app.log'), lines('r1'))]
      rotate(at('app.log'))
      return [...all, ...write(at('app.log'), lines('r2'))]
    },
    // What may have been written to the one that was moved nobody knows.
    gaps: ['removed'],
  },
  'the file that was read went, and a shorter one that begins with the same kilobyte is compressed': {
    first: (at) => write(at('app.log'), [...banner, ...lines('r0')]),
    meanwhile(at) {
      rmSync(at('app.log'))
      const all = [...banner, ...lines('r0'), ...write(at('app.log'), [...banner, ...lines('r1', 3)])]
      rotate(at('app.log'))
      return [...all, ...write(at('app.log'), lines('r2'))]
    },
    gaps: ['removed'],
  },
  'a hard link holds the inode': {
    first: (at) => write(at('app.log'), lines('r0')),
    meanwhile(at) {
      mkdirSync(at('keep'))
      linkSync(at('app.log'), at('keep/x'))
      renameSync(at('app.log'), at('app.log.1'))
      const all = [...lines('r0'), ...write(at('app.log'), lines('r1'))]
      rotate(at('app.log'))
      return [...all, ...write(at('app.log'), lines('r2'))]
    },
    gaps: ['removed'],
  },
  'two logs that begin alike, one of them goes on': {
    first: (at) => ['a', 'b'].flatMap((name) => write(at(`${name}.log`), day1)),
    meanwhile(at) {
      write(at('b.log'), ['day 2 of b'])
      rotate(at('b.log'))
      write(at('b.log'), ['day 3 of b'])
      return [...day1, ...day1, 'day 2 of b', 'day 3 of b']
    },
  },
  'an archive that begins as one that was read, and as the log': {
    first(at) {
      const all = write(at('app.log'), [...day1, 'day 2'])
      rotate(at('app.log'))
      return [...all, ...write(at('app.log'), day1)]
    },
    meanwhile(at) {
      const all = [...day1, 'day 2', ...day1, ...write(at('app.log'), ['day 2'])]
      rotate(at('app.log'))
      return [...all, ...write(at('app.log'), day1)]
    },
  },
  'two archives of the same text, which nobody has read': {
    first: (at) => write(at('app.log'), lines('r0')),
    meanwhile(at) {
      const all = lines('r0')
      for (let round = 0; round < 3; round++) {
        rotate(at('app.log'), 'zstd')
        all.push(...write(at('app.log'), ['the same each day']))
      }
      return all
    },
  },
  'copied and truncated, the copy compressed': {
    first: (at) => write(at('app.log'), lines('r0')),
    meanwhile(at) {
      const all = [...lines('r0'), ...write(at('app.log'), lines('rest', 3))]
      for (const round of ['r1', 'r2']) {
        if (existsSync(at('app.log.1.gz'))) renameSync(at('app.log.1.gz'), at('app.log.2.gz'))
        copyFileSync(at('app.log'), at('app.log.1'))
        truncateSync(at('app.log'))
        compress(at('app.log.1'))
        all.push(...write(at('app.log'), lines(round)))
      }
      return all
    },
    // Lines between copying and truncating nobody could know.
    gaps: ['truncated'],
  },
  'called by dates, the last one compressed a day later': {
    first: (at) => write(at('app.log'), lines('r0')),
    meanwhile(at) {
      const all = [...lines('r0'), ...write(at('app.log'), lines('rest', 3))]
      for (const round of [1, 2, 3]) {
        renameSync(at('app.log'), at(`app.log-2026112${round}`))
        if (round > 1) compress(at(`app.log-2026112${round - 1}`))
        all.push(...write(at('app.log'), lines(`r${round}`)))
      }
      return all
    },
  },
  'empty when the hub died': {
    first(at) {
      writeFileSync(at('app.log'), '')
      return write(at('other.log'), ['other'])
    },
    meanwhile(at) {
      const all = ['other', ...write(at('app.log'), lines('r1'))]
      rotate(at('app.log'))
      return [...all, ...write(at('app.log'), lines('r2'))]
    },
  },
  'the log is gone for good': {
    first: (at) => write(at('app.log'), lines('r0')),
    meanwhile(at) {
      const all = lines('r0')
      for (const round of ['rest', 'r1']) {
        all.push(...write(at('app.log'), lines(round)))
        rotate(at('app.log'))
      }
      return all
    },
  },
}

/** All but as many of each as the others have. */
function less(all: readonly string[], others: readonly string[]): string[] {
  const left = [...others]
  return all.filter((each) => !left.includes(each) || !left.splice(left.indexOf(each), 1))
}

async function recordsOf(hub: HubProcess, source: string, kind: string): Promise<string[]> {
  const all: string[] = []
  for await (const { message, fields } of hub.records(`source:${source} kind:${kind}`))
    all.push(kind === 'gap' ? String(fields?.cause) : message)
  return all
}

test('rotated and compressed while no hub lives', async (t) => {
  const names = Object.keys(cases)
  const sourceOf = (name: string): string => `s${names.indexOf(name)}`
  const hub = prepareHub({
    files: Object.fromEntries(
      Object.entries(cases).map(([name, { start = 'beginning', paths = '*.log' }]) => [
        sourceOf(name),
        { paths: `${sourceOf(name)}/${paths}`, start, compressed: true },
      ]),
    ),
  })
  t.after(() => hub.close())
  const placeOf = (name: string) => (file: string) => path.join(hub.directory, sourceOf(name), file)
  const allAre = async (name: string, expected: readonly string[]): Promise<unknown> =>
    until(
      `${expected.length} lines of: ${name}`,
      async () => (await recordsOf(hub, sourceOf(name), 'system')).length >= expected.length,
      patienceMs,
    ).catch(() => undefined)

  for (const [name, { before }] of Object.entries(cases)) {
    mkdirSync(placeOf(name)(''))
    before?.(placeOf(name))
  }
  await hub.start()
  const isFollowed = async (name: string): Promise<boolean> =>
    (await hub.client.sources()).some((each) => each.name === sourceOf(name) && each.detail === 'reads 1 file')
  for (const [name, { before }] of Object.entries(cases)) if (before) await until(name, () => isFollowed(name))
  const lookedAt = Date.now()
  for (const [name, { first }] of Object.entries(cases)) await allAre(name, first(placeOf(name)))
  await until('the look to be old', () => Date.now() - lookedAt > 2500)
  await hub.kill()
  const expected = new Map(Object.entries(cases).map(([name, { meanwhile }]) => [name, meanwhile(placeOf(name))]))
  await until('archives that are older than the next look', () => Date.now() - lookedAt > 5000)
  await hub.start()
  for (const [name, { gaps = [] }] of Object.entries(cases))
    await t.test(name, async () => {
      await allAre(name, expected.get(name)!)
      const areTold = async (): Promise<boolean> => (await recordsOf(hub, sourceOf(name), 'gap')).length >= gaps.length
      await until('the gaps', areTold, patienceMs).catch(() => undefined)
      const all = await recordsOf(hub, sourceOf(name), 'system')
      const told = await recordsOf(hub, sourceOf(name), 'gap')
      const found = { missing: less(expected.get(name)!, all), surplus: less(all, expected.get(name)!), gaps: told }
      assert.deepEqual(found, { missing: [], surplus: [], gaps })
    })
})
