import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { test } from 'node:test'
import { linesOf, reading, textOf } from '../pipeline/reading-harness.ts'

/** As logrotate does: the file gives way to its compressed form. */
function compress(path: string, with_: 'gzip' | 'zstd' = 'gzip'): string {
  execFileSync(with_, with_ === 'gzip' ? [path] : ['--rm', '-q', path])
  return `${path}.${with_ === 'gzip' ? 'gz' : 'zst'}`
}

for (const program of ['gzip', 'zstd'] as const) {
  test(`${program}: what nobody has read is read once, also by the next hub`, async (t) => {
    const { log, follow, settle, again, lines } = reading(t)
    const all = linesOf('all', 20_000)
    writeFileSync(`${log}.1`, textOf(all) + 'without newline')
    const archive = compress(`${log}.1`, program)
    await follow(archive)
    await settle()
    assert.deepEqual(await lines(), [...all, 'without newline'])
    again()
    assert.equal(await follow(archive), 'copy')
    assert.deepEqual(await lines('gap'), [])
  })

  test(`${program}: of what was read before it was compressed only the rest is read`, async (t) => {
    const { log, place, follow, forget, settle, again, lines } = reading(t)
    const [first, second] = [linesOf('first', 20_000), linesOf('second')]
    writeFileSync(log, textOf(first.slice(0, 15_000)))
    await follow(log)
    await settle()
    again()
    appendFileSync(log, textOf(first.slice(15_000)))
    const gone = place(log)
    const archive = compress(log, program)
    writeFileSync(log, textOf(second))
    // Its inode may be the new file's.
    if (statSync(log).ino !== gone.inode) forget(gone)
    await settle()
    await follow(archive)
    await settle()
    assert.deepEqual(await lines(), first)
    await follow(log)
    await settle()
    assert.deepEqual(await lines(), [...first, ...second])
  })
}

test('what was read to its end before it was compressed is not read again, though others begin alike', async (t) => {
  const { log, place, step, follow, forget, settle, again, lines } = reading(t)
  const banner = linesOf('banner')
  const names = ['.3', '.2', '.1'].map((end) => log + end)
  const parts = names.map((name, index) => [...banner, ...linesOf(name, 10_000 * (index + 1))])
  for (const [index, name] of names.entries()) {
    writeFileSync(name, textOf(parts[index]!))
    await follow(name)
    await settle()
  }
  again()
  for (const name of names) {
    const gone = place(name)
    const archive = compress(name)
    forget(gone)
    await step()
    await follow(archive)
    await settle()
  }
  assert.deepEqual(await lines(), parts.flat())
})

test('killed while it is unpacked, it is read on, each line once', async (t) => {
  const { log, step, follow, settle, again, lines } = reading(t)
  const all = linesOf('all', 200_000)
  writeFileSync(`${log}.1`, textOf(all))
  const archive = compress(`${log}.1`)
  for (let kills = 0; kills < 5; kills++) {
    await follow(archive)
    for (let steps = 0; steps < 3;) {
      if ((await step()).bytes > 0) steps++
      await new Promise(setImmediate)
    }
    again()
  }
  const before = (await lines()).length
  assert.ok(before > 0 && before < all.length)
  await follow(archive)
  await settle()
  assert.deepEqual(await lines(), all)
})

test('a damaged archive: what can be had of it, and one gap', async (t) => {
  const { log, follow, settle, again, lines } = reading(t)
  const all = linesOf('all', 50_000)
  writeFileSync(`${log}.1`, textOf(all))
  const archive = compress(`${log}.1`)
  truncateSync(archive, Math.floor(statSync(archive).size / 2))
  // What gzip itself gets out of it.
  const readable = (() => {
    try {
      return execFileSync('gzip', ['-dc', archive], { maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'ignore'] })
    } catch (error) {
      return (error as { stdout: Buffer }).stdout
    }
  })().toString()
  await follow(archive)
  await settle()
  const read = await lines()
  assert.equal(read.join('\n'), readable.replace(/\n$/, ''))
  assert.ok(read.length > 10_000)
  const gap = ['an unknown amount missing: the archive is damaged behind what was read of it']
  assert.deepEqual(await lines('gap'), gap)
  again()
  assert.equal(await follow(archive), 'copy')
  writeFileSync(`${log}.2.gz`, 'this is none')
  await follow(`${log}.2.gz`)
  await settle()
  assert.deepEqual(await lines('gap'), [...gap, ...gap])
  assert.equal((await lines()).length, read.length)
})

test('an archive that grows is read on from where it ended', async (t) => {
  const { log, follow, settle, lines } = reading(t)
  const [first, second] = [linesOf('first'), linesOf('second')]
  for (const part of [first, second]) {
    writeFileSync(`${log}.part`, textOf(part))
    const member = compress(`${log}.part`)
    appendFileSync(`${log}.1.gz`, readFileSync(member))
    rmSync(member)
    await follow(`${log}.1.gz`)
    await settle()
  }
  assert.deepEqual(await lines(), [...first, ...second])
})

test('what was there before all that is read is passed over for good, but for the rest of what is read', async (t) => {
  const { log, follow, settle, again, lines } = reading(t)
  writeFileSync(`${log}.2`, textOf(linesOf('before')))
  const passed = compress(`${log}.2`)
  assert.equal(await follow(passed, 'end'), 'copy')
  const first = linesOf('first')
  writeFileSync(log, textOf(first.slice(0, 30)))
  await follow(log)
  await settle()
  again()
  assert.equal(await follow(passed), 'copy')
  appendFileSync(log, textOf(first.slice(30)))
  const archive = compress(log)
  writeFileSync(log, '')
  await follow(archive, 'end')
  await settle()
  assert.deepEqual(await lines(), first)
})

test('what an archive has is not told as removed, by no later hub either', async (t) => {
  const { log, place, follow, forget, settle, again, lines } = reading(t)
  const all = linesOf('all')
  writeFileSync(log, textOf(all.slice(0, 20)))
  await follow(log)
  await settle()
  again()
  appendFileSync(log, textOf(all.slice(20)))
  const gone = place(log)
  renameSync(log, `${log}.1`)
  // Before the inode is free.
  writeFileSync(log, '')
  await follow(compress(`${log}.1`))
  await settle()
  again()
  forget(gone, true)
  await settle()
  assert.deepEqual(await lines(), all)
  assert.deepEqual(await lines('gap'), [])
})

test('an empty file that is still there is not taken for what an archive has', async (t) => {
  const { log, place, follow, forget, settle, again, lines } = reading(t)
  await follow(log)
  await settle()
  again()
  writeFileSync(`${log}.3`, textOf(linesOf('older')))
  await follow(compress(`${log}.3`))
  await settle()
  again()
  const gone = place(log)
  rmSync(log)
  forget(gone, true)
  await settle()
  assert.equal((await lines('gap')).length, 1)
})

test('what was let go is known in its archive, though another file has its inode by now', async (t) => {
  const { log, place, follow, letGo, settle, again, lines } = reading(t)
  const [old, fresh] = [linesOf('old'), linesOf('fresh')]
  writeFileSync(log, textOf(old))
  await letGo((await follow(log)) as number)
  const { inode } = place(log)
  copyFileSync(log, `${log}.1`)
  const archive = compress(`${log}.1`)
  // The same file stands for another with the same inode.
  writeFileSync(log, textOf(fresh))
  assert.equal(place(log).inode, inode)
  await follow(log)
  await settle()
  again()
  await follow(archive)
  await follow(log)
  await settle()
  assert.deepEqual(await lines(), [...old, ...fresh])
})

for (const [name, isRead] of [
  ['read', true],
  ['found', false],
] as const)
  test(`the archive of a copy that was made when the log had a line, which was ${name}, is left to the log`, async (t) => {
    const { log, follow, settle, lines } = reading(t)
    const all = linesOf('all')
    if (isRead) await follow(log)
    writeFileSync(log, textOf(all.slice(0, 1)))
    copyFileSync(log, `${log}.1`)
    const archive = compress(`${log}.1`)
    writeFileSync(log, textOf(all))
    if (isRead) await settle()
    assert.equal(await follow(archive), isRead ? 'copy' : 'moved')
    await follow(log)
    await settle()
    assert.deepEqual(await lines(), all)
  })

test('an archive that is shorter than the remembered beginning of what was read has nothing to be read', async (t) => {
  const { log, place, follow, letGo, forget, settle, lines } = reading(t)
  const all = linesOf('all')
  writeFileSync(log, textOf(all))
  writeFileSync(`${log}.1`, textOf(all.slice(0, 3)))
  await letGo((await follow(log)) as number)
  const gone = place(log)
  renameSync(log, `${log}.2`)
  // Before the inode is free.
  writeFileSync(log, '')
  rmSync(`${log}.2`)
  forget(gone)
  assert.equal(await follow(compress(`${log}.1`)), 'copy')
  await settle()
  assert.deepEqual(await lines(), all)
})

test('a file with the inode of an archive is read', async (t) => {
  const { log, follow, settle, again, lines } = reading(t)
  writeFileSync(`${log}.1`, textOf(['old']))
  const archive = compress(`${log}.1`)
  assert.equal(await follow(archive, 'end'), 'copy')
  await settle()
  again()
  renameSync(archive, log)
  writeFileSync(log, textOf(['new']))
  await follow(log)
  await settle()
  assert.deepEqual(await lines(), ['new'])
})
