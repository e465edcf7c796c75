// A hub that follows a file, killed, its store damaged somewhere, and started again: one scenario for the system test and for the
// torture. Knows of the format what docs/store.md says of frames, and of the hub what its users see.
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { VerifyReport } from '../../../src/contracts/verify-report.ts'
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

const oddLines = Array.from({ length: 43 }, (_, i) =>
  i % 15 === 5 ? `plain ${i}` : JSON.stringify({ level: 'info', logger: 'http', shop: 7, msg: `served ${i}` }),
)

/** By the layout in docs/store.md. */
export function framesIn(file: Buffer): FramePlace[] {
  const frames: FramePlace[] = []
  for (let offset = 0; offset + 16 <= file.length;) {
    const bytes =
      file.toString('latin1', offset, offset + 4) === 'LBF1' ? 16 + ((file.readUInt32LE(offset + 4) + 7) & ~7) : 8
    if (bytes > 8) frames.push({ offset, bytes })
    offset += bytes
  }
  return frames
}

export const tailOf = (files: ReadonlyMap<string, Buffer>): string =>
  [...files.keys()]
    .filter((name) => name.startsWith('tail-'))
    .sort()
    .at(-1)!

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
  const names = ['app', 'quiet', 'odd', 'doomed']
  const hub = prepareHub({
    files: Object.fromEntries(names.map((name) => [name, { paths: `${name}.log`, start: 'beginning' }])),
  })
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
  await hub.start()
  writeFileSync(path.join(hub.directory, 'doomed.log'), 'doomed\n')
  await until('what is to be damaged', async () => (await hub.client.summary({ query: 'source:doomed' })).count === 1)
  writeFileSync(path.join(hub.directory, 'quiet.log'), `${quiet.join('\n')}\n`)
  writeFileSync(path.join(hub.directory, 'odd.log'), oddLines.map((line) => `${line}\n`).join(''))
  await until('what is to be sealed', async () => {
    const { count } = await hub.client.summary({ query: 'source:quiet OR source:odd' })
    return count === quiet.length + oddLines.length
  })
  await sealAll()
  for (const count of bursts) {
    write(count)
    await until(`line ${written}`, () => isThere(written))
  }
  const lastBytes = readFileSync(log).length
  const head = (await hub.client.search({ limit: 1 })).records[0]!.id
  const sealed = Number(/\d+/.exec(tailOf(filesOf(store)))) - 1
  // Else they are cut back and written again from the store.
  await until('the log files of everything', () => {
    const saved = readFileSync(path.join(hub.stateDirectory, 'sinks.json'), 'utf8')
    return (JSON.parse(saved) as { logFile: { position: number } }).logFile.position === head
  })
  await hub.kill()
  const lastLine = written
  const known = await findings()
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
    const before = await findings()
    await hub.start()
    write(4)
    await until(`line ${written}, ${name}`, () => isThere(written))
    const lost = await held(name)
    const isHarmed = [...original].some(([file, bytes]) => files.get(file)?.equals(bytes) !== true)
    assert.equal(before !== known, isHarmed, `${name}: verify, before the hub was started: ${before}`)
    if (lost > 0) assert.notEqual(await findings(), known, `${name}: verify`)
    assert.equal(/damaged|missing|lost/.test(hub.console()), isHarmed, `${name}: a warning, ${hub.console()}`)
    return lost
  }

  /** What `logboom verify` has to say against the store. */
  async function findings(): Promise<string> {
    const { problems, runs } = JSON.parse((await hub.command('verify', '--json')).stdout) as VerifyReport
    return JSON.stringify([problems, runs.filter(({ faults }) => faults.length > 0)])
  }

  /** By damage that is repaired: the tail that matters is not the first, and what that one said stands in its first frame alone. */
  async function sealAll(): Promise<void> {
    await hub.kill()
    const files = filesOf(store)
    const tail = tailOf(files)
    flipAt(files.get(tail)!.lastIndexOf('doomed'))(files)
    writeFileSync(path.join(store, tail), files.get(tail)!)
    assert.equal((await hub.command('store', 'repair')).code, 0)
    await hub.start()
  }

  /** Every line once, or told of; what is new has ids that nobody had. Returns how many are gone. */
  async function held(name: string): Promise<number> {
    const seen = new Map<number, number>()
    const there = new Set<number>()
    const toldIds: number[] = []
    for await (const { id, message, kind, fields } of hub.records('')) {
      const number = Number(/^line n=(\d+) \.$/.exec(message)?.[1] ?? 0)
      if (kind === 'gap' && id > sealed) {
        const { cause, from, to, lines } = fields!
        assert.equal(cause, 'damaged', `${name}: ${message}`)
        assert.equal(lines, Number(to) - Number(from) + 1, `${name}: ${message}`)
        for (let lostId = Number(from); lostId <= Number(to); lostId++) toldIds.push(lostId)
      } else there.add(id)
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
    await askAll(name)
    // Lines, and records of the hub itself.
    const missing = Array.from({ length: head - sealed }, (_, i) => sealed + 1 + i).filter((id) => !there.has(id))
    assert.deepEqual(toldIds, missing, `${name}: what gap records tell of is what is missing`)
    const lost = written - seen.size
    assert.ok(lost <= missing.length, `${name}: ${lost} lines are lost, ${missing.length} records`)
    const filed = readFileSync(path.join(hub.stateDirectory, 'logs', 'app.log'), 'utf8').match(/line n=\d+ /g)!
    assert.equal(new Set(filed).size, filed.length, `${name}: lines are twice in the log file`)
    return lost
  }

  /** Of a sealed block in which three records have nothing but a message. */
  async function askAll(name: string): Promise<void> {
    const { client } = hub
    const { count, facets } = await client.summary({
      query: 'source:odd',
      facets: ['logger', 'shop'],
      templates: 3,
      fields: true,
    })
    assert.deepEqual(
      [count, ...facets!.map(({ top, missing }) => [top[0]?.count, missing])],
      [43, [40, 3], [40, 3]],
      name,
    )
    assert.equal((await client.summary({ query: 'source:odd logger:http shop:7' })).count, 40, name)
    assert.ok((await new Response(await client.export({ query: 'source:odd' })).text()).length > 0, name)
  }

  return { hub, frames: framesIn(original.get(tailOf(original))!), survive }
}
