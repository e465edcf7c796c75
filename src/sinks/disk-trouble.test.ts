// A9 on real file systems: a full one, a read-only one, and a path that can be no directory.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Sink } from '../contracts/sink.ts'
import { logFile } from './log-file.ts'
import { sessionFile } from './session-file.ts'
import { batchOf, linesOf, numbered, scratch, sinkContext, type TestContextOfSink } from './sink-test-batch.ts'

/** A small file system of its own; undefined, and says so, where this is not permitted. */
function tinyDisk(t: TestContext, kibibytes: number): string | undefined {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'none', directory])
  if (mounted.status !== 0) {
    process.stdout.write(
      `SKIPPED: ${t.name}: no file system may be mounted here (${mounted.stderr?.toString().trim()})\n`,
    )
    rmSync(directory, { recursive: true })
    return undefined
  }
  t.after(() => {
    // Sinks that are closed later still hold files there.
    assert.equal(spawnSync('umount', ['-l', directory]).status, 0)
    rmSync(directory, { recursive: true })
  })
  return directory
}

function remount(directory: string, options: string): void {
  assert.equal(spawnSync('mount', ['-o', `remount,${options}`, directory]).status, 0)
}

const long = (id: number): string => `line ${id} ${'x'.repeat(200)}`

function idsOf(file: string): number[] {
  return linesOf(file).map((line) => {
    const match = /\] (?:\[gap\] )?line (\d+) x{200}$/.exec(line)
    assert.ok(match, `torn entry: ${line}`)
    return Number(match[1])
  })
}

function feed(sink: Sink, from: number, to: number, origin: object = {}): void {
  for (let id = from; id <= to; id += 20) sink.write([batchOf(origin, numbered(id, Math.min(id + 19, to), long))])
}

test('on a full disk the oldest rotated files make room, then the previous run, each with a gap record', (t) => {
  const disk = tinyDisk(t, 256)
  if (!disk) return
  const context = sinkContext(disk)
  const sink = logFile.open(logFile.options(z).parse({ rotateBytes: 40_000, keep: 1000 }), context)
  t.after(() => sink.close())
  const logs = path.join(disk, 'logs')
  feed(sink, 1, 100, { source: 'old', run: 1 })
  feed(sink, 101, 200, { source: 'old', run: 2 })
  writeFileSync(path.join(logs, 'stranger.1.log'), 'not ours')
  feed(sink, 201, 2000)
  assert.equal(existsSync(path.join(logs, 'stranger.1.log')), true)
  const files = readdirSync(logs).filter((file) => /^api.*log$/.test(file))
  const part = (file: string): number => Number(file.split('.')[1]) || Number.POSITIVE_INFINITY
  const ids = files.sort((a, b) => part(a) - part(b)).flatMap((file) => idsOf(path.join(logs, file)))
  assert.deepEqual(
    ids,
    Array.from({ length: ids.length }, (_, i) => 2001 - ids.length + i),
  )
  assert.ok(ids.length > 200)
  assert.ok(context.gaps.length > 2)
  assert.ok(context.gaps.every(({ fields }) => fields.cause === 'disk-full' && (fields.bytes as number) > 0))
  assert.equal(context.warnings.length, 1, context.warnings.join('\n'))

  // Nothing rotated is left of `api` when the run before has to go too.
  const filler = path.join(disk, 'filler')
  for (let id = 2001; statSync(path.join(logs, 'old.previous.log')).size > 0; id += 20) {
    assert.ok(id < 4000)
    const free = spawnSync('sh', ['-c', `cat /dev/zero >> "${filler}"`])
    assert.notEqual(free.status, 0)
    feed(sink, id, id + 19)
  }
  assert.equal(context.gaps.at(-1)!.source, 'old')
  assert.match(context.gaps.at(-1)!.message, /^\d+ bytes missing: old\.previous\.log was given up/)
  assert.deepEqual(
    idsOf(path.join(logs, 'old.log')),
    Array.from({ length: 100 }, (_, i) => 101 + i),
  )
})

test('with nothing to give up, what could not be written is counted and told when there is room again', (t) => {
  const disk = tinyDisk(t, 128)
  if (!disk) return
  const filler = path.join(disk, 'filler')
  const context = sinkContext(disk)
  const sink = logFile.open(logFile.options(z).parse({}), context)
  t.after(() => sink.close())
  feed(sink, 1, 20)
  spawnSync('sh', ['-c', `cat /dev/zero > "${filler}"`])
  for (let id = 21; id <= 400; id += 20) {
    sink.write([batchOf({}, numbered(id, id + 19, long))])
    sink.save()
  }
  // That a gap record could not be written is not worth another one.
  sink.write([batchOf({}, [{ id: 401, message: long(401), kind: 'gap' }])])
  assert.equal(context.warnings.length, 1, context.warnings.join('\n'))
  assert.match(context.warnings[0]!, /disk is full/)
  assert.equal(context.gaps.length, 0)
  rmSync(filler)
  feed(sink, 402, 450)
  assert.equal(context.gaps.length, 1)
  const { from, to, lines } = context.gaps[0]!.fields as { from: number; to: number; lines: number }
  const ids = idsOf(path.join(disk, 'logs', 'api.log'))
  const before = ids.filter((id) => id < from)
  assert.deepEqual(
    before,
    Array.from({ length: before.length }, (_, i) => i + 1),
  )
  assert.deepEqual([from, to, lines], [before.length + 1, 400, 400 - before.length])
  assert.deepEqual(
    ids.slice(before.length),
    Array.from({ length: 49 }, (_, i) => 402 + i),
  )
})

test('a loss that nobody was told of survives the hub', (t) => {
  const disk = tinyDisk(t, 128)
  if (!disk) return
  const filler = path.join(disk, 'filler')
  const open = (saved?: unknown): { sink: Sink; context: ReturnType<typeof sinkContext> } => {
    const context = sinkContext(disk, saved)
    const sink = logFile.open(logFile.options(z).parse({}), context)
    t.after(() => sink.close())
    return { sink, context }
  }
  const first = open().sink
  feed(first, 1, 20)
  spawnSync('sh', ['-c', `cat /dev/zero > "${filler}"`])
  feed(first, 21, 400)
  const saved = first.save()
  assert.equal(first.position(), 400)
  first.close()
  rmSync(filler)
  const second = open(saved)
  feed(second.sink, 401, 401)
  assert.equal(second.context.gaps.length, 1)
  const written = idsOf(path.join(disk, 'logs', 'api.log')).length
  assert.equal(second.context.gaps[0]!.fields.lines, 401 - written)
})

test('on a read-only file system it goes on without files, says so once, and heals', (t) => {
  const disk = tinyDisk(t, 256)
  if (!disk) return
  const context: TestContextOfSink = sinkContext(disk)
  const sinks = [logFile, sessionFile].map((type) =>
    type.open(type.options(z).parse(type === sessionFile ? { queueBytes: 0 } : {}) as never, context),
  )
  t.after(() => sinks.forEach((sink) => sink.close()))
  remount(disk, 'ro')
  for (const sink of sinks) {
    for (const source of ['a', 'b', 'c']) feed(sink, 1, 100, { source })
    sink.save()
    assert.equal(sink.position(), 100)
  }
  assert.equal(context.warnings.length, 2, context.warnings.join('\n'))
  remount(disk, 'rw')
  for (const sink of sinks) feed(sink, 101, 120, { source: 'a' })
  assert.equal(existsSync(path.join(disk, 'logs', 'a.log')), false, 'tried again too soon')
  context.time += 6000
  for (const sink of sinks) feed(sink, 121, 140, { source: 'a' })
  assert.deepEqual(
    idsOf(path.join(disk, 'logs', 'a.log')),
    Array.from({ length: 20 }, (_, i) => 121 + i),
  )
  assert.deepEqual(
    context.gaps.map(({ source, fields }) => [source, fields.lines]),
    [
      ['a', 120],
      ['logboom', 320],
    ],
  )
})

test('a directory that cannot be made costs one warning, and is made as soon as it can be', (t) => {
  const state = scratch(t)
  const obstacle = path.join(state, 'file')
  writeFileSync(obstacle, 'in the way')
  const context = sinkContext(state)
  const options = logFile.options(z).parse({ directory: path.join(obstacle, 'logs') })
  const sink = logFile.open(options, context)
  t.after(() => sink.close())
  for (const source of ['a', 'b']) feed(sink, 1, 40, { source })
  sink.save()
  assert.equal(context.warnings.length, 1, context.warnings.join('\n'))
  assert.match(context.warnings[0]!, /going on without log files/)
  rmSync(obstacle)
  context.time += 6000
  feed(sink, 41, 60, { source: 'a' })
  assert.equal(idsOf(path.join(obstacle, 'logs', 'a.log')).length, 20)
})

test('one file that cannot be written leaves the others alone', (t) => {
  const state = scratch(t)
  mkdirSync(path.join(state, 'logs', 'a.log'), { recursive: true })
  const context = sinkContext(state)
  const sink = logFile.open(logFile.options(z).parse({}), context)
  t.after(() => sink.close())
  for (let id = 1; id < 100; id += 20) {
    feed(sink, id, id + 19, { source: 'a' })
    feed(sink, id, id + 19, { source: 'b' })
    sink.save()
  }
  assert.equal(idsOf(path.join(state, 'logs', 'b.log')).length, 100)
  assert.equal(context.warnings.length, 1, context.warnings.join('\n'))
  assert.match(context.warnings[0]!, /Cannot write .*a\.log/)
})

test('compression that cannot finish on a full disk leaves the file as it was', async (t) => {
  const disk = tinyDisk(t, 128)
  if (!disk) return
  const context = sinkContext(disk)
  const sink = logFile.open(logFile.options(z).parse({ rotateBytes: 30_000, compress: 'gzip' }), context)
  t.after(() => sink.close())
  feed(sink, 1, 200)
  sink.save()
  spawnSync('sh', ['-c', `cat /dev/zero > "${path.join(disk, 'filler')}"`])
  sink.save()
  const deadline = Date.now() + 10_000
  while (context.warnings.length === 0 && Date.now() < deadline) await delay(5)
  assert.match(context.warnings.join(), /Rotated log files in .* stay as they are/)
  assert.ok(readFileSync(path.join(disk, 'logs', 'api.1.log')).length > 20_000)
  assert.deepEqual(idsOf(path.join(disk, 'logs', 'api.1.log'))[0], 1)
})
