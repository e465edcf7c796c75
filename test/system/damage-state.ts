// Damages of what a hub keeps beside its records, and a hub that lives with each: it starts, adopts what lives, starts nothing twice,
// loses no line, and says what was damaged.
import assert from 'node:assert/strict'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isAlive, prepareHub, until, type HubProcess } from '../hub-process.ts'

export interface StateDamage {
  name: string
  /** Nothing that matters was lost, so nothing need be said. */
  isQuiet?: boolean
  apply(state: string): void
}

function overwrite(file: string, change: (bytes: Buffer) => Buffer): void {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0)
  writeFileSync(file, change(bytes))
}

const garbage = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 7919 + 13) % 251))

function withBytes(bytes: Buffer, at: number, change: (byte: number) => number, count = 1): Buffer {
  for (let i = at; i < Math.min(bytes.length, at + count); i++) bytes[i] = change(bytes[i]!)
  return bytes
}

/** Of the write-ahead log all goes into the file, where damages may find it. */
function directory(file: string): void {
  rmSync(file, { recursive: true, force: true })
  mkdirSync(file)
  writeFileSync(path.join(file, 'inside'), 'kept')
}

/** What may become of one file. */
export function damagesOf(file: string): StateDamage[] {
  // SQLite makes the others anew.
  const isOwn = ['catalogue.db', 'catalogue.db-wal', 'lock.db'].includes(file)
  const of = (name: string, apply: (path: string) => void, isQuiet = false): StateDamage => ({
    name: `${file}: ${name}`,
    isQuiet: isQuiet || !isOwn,
    apply: (state) => apply(path.join(state, file)),
  })
  const flip = (at: number): StateDamage =>
    of(`a byte at ${at}`, (at_) => overwrite(at_, (bytes) => withBytes(bytes, at, (byte) => byte ^ 0xff)), true)
  return [
    of('removed', (at) => rmSync(at, { recursive: true, force: true }), true),
    of('emptied', (at) => writeFileSync(at, ''), true),
    of('garbage', (at) => writeFileSync(at, garbage(8192))),
    of('a few words', (at) => writeFileSync(at, 'not a database at all\n')),
    of('zeros', (at) => overwrite(at, (bytes) => Buffer.alloc(Math.max(4096, bytes.length)))),
    of('cut in half', (at) => existsSync(at) && truncateSync(at, statSync(at).size >> 1), true),
    of('cut to a page', (at) => existsSync(at) && truncateSync(at, Math.min(4096, statSync(at).size)), true),
    of('cut to 100 bytes', (at) => existsSync(at) && truncateSync(at, Math.min(100, statSync(at).size)), true),
    of(
      'a page of garbage',
      (at) => overwrite(at, (bytes) => withBytes(bytes, 4096, (byte) => byte ^ 0x5a, 4096)),
      true,
    ),
    of('garbage behind its header', (at) => overwrite(at, (bytes) => withBytes(bytes, 100, () => 0xa5, 3000)), true),
    of('a directory', directory),
    of('no permission', (at) => existsSync(at) && chmodSync(at, 0), true),
    of('another database', (at) => copyFileSync(anotherDatabase(), at), true),
    ...[0, 16, 18, 19, 20, 28, 44, 60, 70, 100, 103, 105, 108, 4096, 8192, 12_300].map(flip),
  ]
}

let other: string | undefined

/** Well-formed, with tables of the same names that mean something else. */
function anotherDatabase(): string {
  if (other) return other
  const place = mkdtempSync(path.join(tmpdir(), 'logboom-other-'))
  process.once('exit', () => rmSync(place, { recursive: true, force: true }))
  const file = path.join(place, 'other.db')
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
  const database = new DatabaseSync(file)
  database.exec(
    "CREATE TABLE runs (a); CREATE TABLE kept (b); INSERT INTO runs VALUES ('?'); CREATE VIEW sessions AS SELECT 1",
  )
  database.close()
  return (other = file)
}

/** A hub with one process that counts its lives and its lines, and one followed file. */
export interface DamagedHub extends HubProcess {
  /** Applies it to the state that a killed hub has left, with the process alive, and looks at what the next hub makes of it. */
  survive(damage: StateDamage): Promise<void>
}

export async function startDamagedHub(): Promise<DamagedHub> {
  const hub = prepareHub({
    processes: {
      counter: {
        command: 'echo $$ >> lives; n=0; while :; do n=$((n+1)); echo "line $n"; sleep 0.2; done',
        restart: 'never',
      },
    },
    files: { followed: 'followed.log' },
  })
  writeFileSync(path.join(hub.directory, 'followed.log'), '')
  await hub.start()
  let written = 0
  const lives = (): number[] => readFileSync(path.join(hub.directory, 'lives'), 'utf8').trim().split('\n').map(Number)
  const numbers = async (query: string): Promise<number[]> => {
    const found: number[] = []
    for await (const { message } of hub.records(`${query} "line "`)) {
      const number = Number(/^line (\d+)$/.exec(message)?.[1])
      if (number) found.push(number)
    }
    return found
  }
  const consecutive = (found: number[]): boolean => found.every((number, index) => number === index + 1)

  return Object.assign(Object.create(hub) as HubProcess, {
    async survive({ name, apply, isQuiet = false }: StateDamage) {
      const before = (await numbers('source:counter')).length
      writeFileSync(path.join(hub.directory, 'followed.log'), `line ${++written}\n`, { flag: 'a' })
      await until('the line of the file', async () => (await numbers('source:followed')).length === written)
      await hub.kill()
      const [pid = 0] = lives()
      assert.ok(isAlive(pid), name)
      apply(hub.stateDirectory)
      await hub.start().catch((error: Error) => assert.fail(`${name}: ${error.message}`))
      await until(`${name}: the process is adopted`, async () => {
        const [source] = (await hub.client.sources()).filter((each) => each.name === 'counter')
        return source?.pid === pid && source.adopted
      }).catch((error: Error) => assert.fail(`${name}: ${error.message}\n${hub.console()}`))
      await until(`${name}: it is read`, async () => (await numbers('source:counter')).length > before + 1)
      assert.deepEqual(lives(), [pid], `${name}: nothing is started twice`)
      assert.ok(consecutive(await numbers('source:counter')), `${name}: every line once`)
      const followed = await numbers('source:followed')
      assert.ok(followed.length === written && consecutive(followed), `${name}: every line of the file once`)
      assert.ok(isQuiet || /damaged/.test(hub.console()), `${name}: it is said\n${hub.console()}`)
      const aside = readdirSync(hub.stateDirectory).filter((file) => file.includes('.damaged'))
      assert.ok(isQuiet || aside.length > 0, `${name}: it is kept`)
      for (const file of aside) rmSync(path.join(hub.stateDirectory, file), { recursive: true })
      assertPrivate(hub.stateDirectory)
    },
  })
}

/** All below is its owner's alone. */
export function assertPrivate(directory_: string): void {
  for (const entry of [{ name: '', isDirectory: () => true }, ...readdirSync(directory_, { withFileTypes: true })]) {
    const at = path.join(directory_, entry.name)
    if (!existsSync(at)) continue
    const mode = statSync(at).mode & 0o777
    assert.equal(mode.toString(8), entry.isDirectory() ? '700' : '600', at)
    if (entry.name !== '' && entry.isDirectory()) assertPrivate(at)
  }
}
