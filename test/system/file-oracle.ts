// What a hub that follows logs must have stored, held against what was written: each line once and in the order of its log, or it was
// destroyed unseen, or a gap tells of it.
import assert from 'node:assert/strict'
import type { FileWorld } from './file-world.ts'

/** Each log has numbers of its own. */
export const linesOfWorld = 1_000_000

export interface Oracle {
  isArmed(): boolean
  arm(): void
  disarm(): void
  beginsWith(start: 'beginning' | 'end', isPackedRead: boolean): void
  /** The newest record that was taken. */
  taken(): number
  take(record: { id: number; kind: string; message: string }, say: (what: string) => void): void
  /** Takes what the world has lost; `seenBytes`: how much of the file with this inode the hub has seen. */
  lose(seenBytes: (inode: number) => number | undefined): void
  assertAllRead(options: { isPackedRead: boolean }): void
  /** Whatever was seen and lost is told by a gap. */
  assertTold(): void
}

/** One for each log; whatever is not a line of one of them is told to all. */
export function openOracles(worlds: readonly FileWorld[]): Oracle {
  const oracles = worlds.map(openOracle)
  let newest = 0
  let banners = 0
  const all = (what: (oracle: Oracle) => void): void => oracles.forEach(what)
  return {
    isArmed: () => oracles[0]!.isArmed(),
    arm: () => all((each) => each.arm()),
    disarm: () => all((each) => each.disarm()),
    beginsWith: (...words) => all((each) => each.beginsWith(...words)),
    taken: () => newest,
    take(record, say) {
      newest = record.id
      const line = Number(/^n=(\d+)/.exec(record.message)?.[1])
      if (line) return oracles[Math.floor((line - 1) / linesOfWorld)]!.take(record, say)
      if (record.kind === 'system') banners++
      const written = worlds.reduce((sum, world) => sum + world.bannerCount(), 0)
      assert.ok(banners <= written, 'a banner came twice')
      if (record.kind === 'gap') {
        say(`    gap: ${record.message}`)
        all((each) => each.take(record, () => undefined))
      }
    },
    lose: (seenBytes) => all((each) => each.lose(seenBytes)),
    assertAllRead: (how) => all((each) => each.assertAllRead(how)),
    assertTold: () => all((each) => each.assertTold()),
  }
}

function openOracle(world: FileWorld): Oracle {
  const read = new Set<number>()
  /** Older than the first look, and not wanted. */
  const unwanted = new Set<number>()
  const fromArchives = new Set<number>()
  /** Copied and truncated before the hub saw anything of the file, so that nothing told it to look for the copy first. */
  const late = new Set<number>()
  const lost: { line: number; at: number; how: string }[] = []
  const gaps: number[] = []
  let newest = 0
  let last = 0
  let isArmed = true

  return {
    isArmed: () => isArmed,
    arm: () => void (isArmed = true),
    disarm: () => void (isArmed = false),
    beginsWith(start, isPackedRead) {
      for (const { lines, isPacked } of world.files.values())
        for (const line of lines) {
          if (start === 'end' || (isPacked && !isPackedRead)) unwanted.add(line)
        }
      if (start === 'end') for (let line = world.firstLine; line <= world.lineCount(); line++) unwanted.add(line)
    },
    taken: () => newest,
    take({ id, kind, message }, say) {
      newest = id
      if (kind === 'gap') {
        say(`    gap: ${message}`)
        return void gaps.push(id)
      }
      const line = Number(/^n=(\d+)/.exec(message)?.[1])
      say(`    read ${line}`)
      assert.equal(message, world.textOf(line), 'a line is as it was written')
      assert.ok(!read.has(line), `line ${line} came twice`)
      assert.ok(!unwanted.has(line), `line ${line} is older than the first look`)
      read.add(line)
      for (const { lines, isPacked } of world.files.values())
        if (isPacked && lines.includes(line)) fromArchives.add(line)
      if (fromArchives.has(line) || late.has(line)) return
      assert.ok(line > last, `line ${line} came after line ${last}`)
      last = line
    },
    lose(seenBytes) {
      for (const { file, lines, ends, how } of world.takeLosses())
        for (const [index, line] of lines.entries()) {
          if (read.has(line) || unwanted.has(line)) continue
          const seen = seenBytes(file.inode)
          if (how === 'moved') {
            if (!seen) late.add(line)
            continue
          }
          if (seen !== undefined && seen >= ends[index]!) lost.push({ line, at: newest, how })
        }
    },
    assertAllRead({ isPackedRead }) {
      for (const [name, { lines, isPacked }] of world.files)
        for (const line of lines)
          if (!isPacked || isPackedRead)
            assert.ok(read.has(line) || unwanted.has(line), `line ${line} stands in ${name} and was not read`)
    },
    assertTold() {
      for (const { line, at, how } of lost)
        assert.ok(
          read.has(line) || gaps.some((gap) => gap > at),
          `line ${line} was seen and ${how}, and nothing tells of it`,
        )
    },
  }
}
