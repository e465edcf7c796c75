// `logboom merge` against a plain oracle: a stable sort of all entries by time, files in the order of their names, over random files.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { seededRandom, type Random } from '../../src/query/random-query-harness.ts'

const bin = path.resolve(import.meta.dirname, '../../bin/logboom.js')
const seeds = process.env.LOGBOOM_SEED
  ? [Number(process.env.LOGBOOM_SEED)]
  : Array.from({ length: 24 }, (_, n) => n + 1)
const begin = Date.UTC(2025, 9, 19, 5)

interface OracleEntry {
  /** Microseconds. */
  time: number
  raw: Buffer
}

/** Formats of lines that say when they were. */
const formats: ((micros: number, text: string) => string)[] = [
  (micros, text) => `${iso(micros, 0)} INFO ${text}`,
  (micros, text) => `${iso(micros, 0).replace('T', ' ').slice(0, 23)} [77] [WARNING] ${text}`,
  (micros, text) => `${iso(micros, 120).slice(0, 26)}+02:00 ${text}`,
  (micros, text) => `${iso(micros, -300).slice(0, 26)}-05:00 ERROR ${text}`,
  (micros, text) => JSON.stringify({ level: 30, time: Math.floor(micros / 1000), msg: text }),
  (micros, text) => JSON.stringify({ ts: iso(micros, 0), level: 'error', message: text }),
]
/** Digits that each of them has: microseconds that are left away. */
const grains = [1, 1000, 1, 1, 1000, 1]

function iso(micros: number, offsetMinutes: number): string {
  const text = new Date(Math.floor(micros / 1000) + offsetMinutes * 60_000).toISOString()
  return `${text.slice(0, 23)}${String(micros % 1000).padStart(3, '0')}Z`
}

/** Of few moments, so that many entries have the same. */
function randomTime(random: Random, near: number): number {
  const grain = [1, 1000, 1_000_000, 60_000_000][random(4)]!
  return Math.floor((near + random(120_000_000)) / grain) * grain
}

function randomMore(random: Random): string[] {
  const lines = [
    '  at charge (pay.js:12:3)',
    '',
    '\tindented',
    'Caused by: nothing',
    '}',
    '\r',
    'ünï \x1b[31mcolour\x1b[0m',
    '\x00',
  ]
  return Array.from({ length: random(4) === 0 ? random(6) : 0 }, () => lines[random(lines.length)]!)
}

function randomFile(random: Random, name: string): { content: Buffer; entries: OracleEntry[] } {
  const format = random(formats.length)
  const lineEnd = random(4) === 0 ? '\r\n' : '\n'
  const entries: OracleEntry[] = []
  const count = random(6) === 0 ? 0 : random(random(5) === 0 ? 4000 : 60)
  let near = begin * 1000 + random(3_600_000_000)
  for (let n = 0; n < count; n++) {
    near += random(2_000_000)
    const time = Math.floor(randomTime(random, near) / grains[format]!) * grains[format]!
    const long = random(200) === 0 ? 'x'.repeat(random(400_000)) : ''
    const lines = [formats[format]!(time, `${name} ${n} ${long}`), ...randomMore(random)]
    entries.push({ time, raw: Buffer.from(lines.map((line) => line + lineEnd).join('')) })
  }
  if (entries.length > 0 && random(4) === 0)
    entries.unshift({ time: entries[0]!.time, raw: Buffer.from(`--- begin ---${lineEnd}`) })
  const content = Buffer.concat(entries.map(({ raw }) => raw))
  // The last newline may be missing, unless an empty line would be.
  const isOpen = random(3) === 0 && lineEnd === '\n' && /[^\n]\n$/.test(content.subarray(-2).toString('latin1'))
  return { content: isOpen ? content.subarray(0, -1) : content, entries }
}

function run(directory: string, script: string): Promise<{ stdout: Buffer; stderr: string }> {
  return new Promise((resolve) => {
    const options = {
      cwd: directory,
      env: { ...process.env, TZ: 'UTC' },
      encoding: 'buffer',
      maxBuffer: 1 << 28,
    } as const
    execFile('bash', ['-c', `merge() { "${process.execPath}" "${bin}" merge "$@"; }; ${script}`], options, (_, stdout, stderr) => resolve({ stdout, stderr: String(stderr) })) // oxfmt-ignore
  })
}

for (const seed of seeds)
  test(`files of seed ${seed} are merged as a stable sort would`, async (t) => {
    const random = seededRandom(seed)
    const directory = mkdtempSync(path.join(tmpdir(), 'logboom-random-'))
    t.after(() => rmSync(directory, { recursive: true }))
    const words: string[] = []
    const all: OracleEntry[] = []
    for (let n = 0; n < 1 + random(8); n++) {
      const { content, entries } = randomFile(random, `f${n}`)
      const ways: [string, Buffer, (name: string) => string][] = [
        [`f${n}.log`, content, (name) => name],
        [`f${n}.log.gz`, gzipSync(content), (name) => name],
        [`f${n}`, zstdCompressSync(content), (name) => name],
        [`f${n}.txt`, content, (name) => `<(cat ${name})`],
        [`f${n}.bin`, gzipSync(content), (name) => `<(dd if=${name} bs=${1 + random(2000)} status=none)`],
      ]
      const [name, bytes, wordOf] = ways[random(ways.length)]!
      writeFileSync(path.join(directory, name), bytes)
      words.push(wordOf(name))
      all.push(...entries)
    }
    const wanted = Buffer.concat(all.toSorted((a, b) => a.time - b.time).map(({ raw }) => raw))
    const { stdout, stderr } = await run(directory, `merge --raw ${words.join(' ')}`)
    assert.equal(stderr, '')
    const at = stdout.findIndex((byte, index) => byte !== wanted[index])
    const around = (bytes: Buffer): string => bytes.subarray(Math.max(0, at - 200), at + 100).toString()
    assert.ok(stdout.equals(wanted), `LOGBOOM_SEED=${seed} ${words.join(' ')}: ${stdout.length} of ${wanted.length} bytes, at ${at}\n${around(stdout)}\n--- instead of\n${around(wanted)}`) // oxfmt-ignore
  })
