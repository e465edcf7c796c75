// A hub that follows a file, killed, its store damaged somewhere, and started again: one scenario for the system test and for the
// torture. Knows of the format what docs/store.md says of frames, and of the hub what its users see.
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { prepareHub, until, type HubProcess } from '../../hub-process.ts'

/** What befalls the files of a store: by name, the bytes they have from now on; `undefined` for a file that is gone. */
export type Loss = (files: Map<string, Buffer>) => void

export interface FollowedStore {
  hub: HubProcess
  /** Of the newest tail, where each frame begins, in order. */
  frames: readonly FramePlace[]
  /** Brings the store to what it was, lets `loss` happen, and goes on. Throws what is wrong then; says how many lines are gone. */
  survive(name: string, loss: Loss): Promise<number>
}

export interface FramePlace {
  offset: number
  bytes: number
}

/** Lines written one burst after the other; the last is a commit of many records. */
const bursts = [3, 5, 4, 2000]

/** By the layout in docs/store.md. */
export function framesIn(file: Buffer): FramePlace[] {
  const frames: FramePlace[] = []
  for (let offset = 0; offset + 16 <= file.length;) {
    const bytes = file.toString('latin1', offset, offset + 4) === 'LBF1' ? 16 + ((file.readUInt32LE(offset + 4) + 7) & ~7) : 8
    if (bytes > 8) frames.push({ offset, bytes })
    offset += bytes
  }
  return frames
}

export const tailOf = (files: ReadonlyMap<string, Buffer>): string =>
  [...files.keys()].filter((name) => name.startsWith('tail-')).sort().at(-1)!

/** Changes a byte of the newest tail. */
export const flipAt =
  (offset: number): Loss =>
  (files) => {
    const tail = tailOf(files)
    const bytes = Buffer.from(files.get(tail)!)
    bytes[offset]! ^= 0x10
    files.set(tail, bytes)
  }

/** Leaves of the newest tail no more than its first bytes. */
export const cutAt =
  (length: number): Loss =>
  (files) =>
    void files.set(tailOf(files), files.get(tailOf(files))!.subarray(0, length))

export const removeTail: Loss = (files) => void files.delete(tailOf(files))

/** Close it in the end: `hub.close()`. */
export async function followIntoStore(): Promise<FollowedStore> {
  const hub = prepareHub({ files: { app: { paths: 'app.log', start: 'beginning' }, quiet: { paths: 'quiet.log', start: 'beginning' }, bulk: { paths: 'bulk.log' } } })
  try {
    return await followInto(hub)
  } catch (error) {
    await hub.close()
    throw error
  }
}

async function followInto(hub: HubProcess): Promise<FollowedStore> {
  const [log, store] = [path.join(hub.directory, 'app.log'), path.join(hub.stateDirectory, 'store')]
  const image = path.join(hub.directory, 'image')
  let written = 0

  const write = (count: number): void =>
    appendFileSync(log, Array.from({ length: count }, () => `line n=${++written} .\n`).join(''))

  async function isThere(line: number): Promise<boolean> {
    return (await hub.client.search({ query: `source:app "n=${line} "`, limit: 1 })).records.length > 0
  }

  const filesOf = (directory: string): Map<string, Buffer> =>
    new Map(
      readdirSync(directory, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => [name, readFileSync(path.join(directory, name))]),
    )

  const quiet = Array.from({ length: 5 }, (_, i) => `quiet ${i}`)
  writeFileSync(path.join(hub.directory, 'quiet.log'), `${quiet.join('\n')}\n`)
  await hub.start()
  await until('the quiet file', async () => (await hub.client.search({ query: 'source:quiet' })).records.length === 5)
  // So much that it is sealed: the tail that matters is not the first one, and what that said stands in its first frame alone.
  appendFileSync(path.join(hub.directory, 'bulk.log'), `${'x'.repeat(900_000)}\n`.repeat(44))
  await until('a sealed day', () => {
    const names = readdirSync(store).filter((name) => /^(day|tail)-/.test(name))
    return names.length === 2 && names[0]!.startsWith('day-') && !names[1]!.endsWith('0001.frames')
  })
  for (const count of bursts) {
    write(count)
    await until(`line ${written}`, () => isThere(written))
  }
  const lastBytes = readFileSync(log).length
  const head = (await hub.client.search({ limit: 1 })).records[0]!.id
  // Else they are cut back and written again from the store.
  await until('the log files of everything', () => {
    const saved = readFileSync(path.join(hub.stateDirectory, 'sinks.json'), 'utf8')
    return (JSON.parse(saved) as { logFile: { position: number } }).logFile.position === head
  })
  await hub.kill()
  for (const place of ['logs/bulk.log', 'sessions']) rmSync(path.join(hub.stateDirectory, place), { recursive: true })
  const lastLine = written
  cpSync(hub.stateDirectory, image, { recursive: true })
  const original = filesOf(store)

  async function survive(name: string, loss: Loss): Promise<number> {
    await hub.kill()
    rmSync(hub.stateDirectory, { recursive: true })
    cpSync(image, hub.stateDirectory, { recursive: true })
    truncateSync(log, lastBytes)
    written = lastLine
    const files = new Map(original)
    loss(files)
    for (const file of original.keys()) {
      const bytes = files.get(file)
      if (bytes) writeFileSync(path.join(store, file), bytes)
      else rmSync(path.join(store, file))
    }
    const before = await hub.command('verify')
    await hub.start()
    write(4)
    await until(`line ${written}, ${name}`, () => isThere(written))
    const lost = await held(name)
    const after = await hub.command('verify')
    const told = [before, after].map(({ code, stdout }) => `${code} ${stdout.slice(-300)}`).join('\n')
    const isHarmed = tailOf(original) !== tailOf(files) || !original.get(tailOf(original))!.equals(files.get(tailOf(files))!)
    assert.equal(before.code !== 0, isHarmed, `${name}: verify, before the hub was started\n${told}`)
    assert.ok(lost === 0 || after.code !== 0, `${name}: verify\n${told}`)
    assert.equal(/damaged|missing|lost/.test(hub.console()), isHarmed, `${name}: a warning, ${hub.console()}`)
    return lost
  }

  /** Every line once, or told of; what is new has ids that nobody had. Returns how many are gone. */
  async function held(name: string): Promise<number> {
    const seen = new Map<number, number>()
    let told = 0
    for await (const { id, message, kind, fields } of hub.records('')) {
      const number = Number(/^line n=(\d+) \.$/.exec(message)?.[1] ?? 0)
      if (kind === 'gap') {
        assert.equal(fields?.['cause'], 'damaged', `${name}: ${message}`)
        told += Number(fields?.['lines'])
      }
      if (number === 0) continue
      assert.equal(seen.get(number), undefined, `${name}: line ${number} is there twice`)
      assert.equal(number > lastLine, id > head, `${name}: line ${number} has id ${id}, ${head} were given out`)
      seen.set(number, id)
    }
    const { records } = await hub.client.search({ query: 'source:quiet -kind:gap', order: 'oldest' })
    assert.deepEqual(
      records.map(({ message }) => message),
      quiet,
      `${name}: a file that was read before`,
    )
    const lost = written - seen.size
    assert.ok(lost <= told, `${name}: ${lost} lines are lost, gap records tell of ${told}`)
    assert.ok(lost > 0 || told === 0, `${name}: gap records tell of ${told} that are all there`)
    const filed = readFileSync(path.join(hub.stateDirectory, 'logs', 'app.log'), 'utf8').match(/line n=\d+ /g)!
    assert.equal(new Set(filed).size, filed.length, `${name}: lines are twice in the log file`)
    return lost
  }

  return { hub, frames: framesIn(original.get(tailOf(original))!), survive }
}
