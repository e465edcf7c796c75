// Room on disk for capture files: what is committed is punched out of their heads, and a range ahead of their ends is
// allocated beforehand, so that a disk that fills up reaches the hub before it reaches a child. While it is full, what the
// hub holds in memory is given up in the file, if the child needs the space.
import { execFile } from 'node:child_process'
import { statfsSync } from 'node:fs'
import type { Capture } from './capture.ts'

/** Heads are punched out in ranges of at least this much. */
const punchBytes = 4 * 1024 * 1024
const punchBytesWhenTight = 64 * 1024
/** A disk with less than this free is looked at more often. */
const tightBytes = 64 * 1024 * 1024
/**
 * Allocated ahead of each file's end: what it takes in ten seconds, for a hub that is started again on a busy machine, within these
 * bounds.
 */
const aheadMs = 10_000
const aheadBytes = { least: 256 * 1024, most: 16 * 1024 * 1024 }
/** Topped up when less than this share of it is left: at every moment most of it is there. */
const topUpShare = 3 / 4
/** Space ahead where even that cannot be had. */
const scarceBytes = 64 * 1024
/** Kept before the committed offset, where the next hub looks for what stood there, and before the tailer's own. */
const keptBytes = 4096
const blockBytes = 4096
const tendMs = { wide: 100, tight: 50, full: 20 }
const restMs = 1000

export interface CaptureSpace {
  /** Looks after all files. `full`: the store cannot be written. Returns after how many milliseconds it wants to do so again. */
  tend(captures: Iterable<Capture>, full: boolean): number
  /** Bytes free for others: none while space is on its way from the head of a file to its end. */
  room(): number
}

/** Changes to one file, in this order. Lengths of 0 mean nothing. */
export interface SpaceOrder {
  path: string
  punch: { offset: number; length: number }
  ahead: { offset: number; length: number }
  /** Punched out when there is no space ahead otherwise. */
  spare: { offset: number; length: number }
}

export interface SpaceOutcome {
  /** Captures whose spare part was punched out: bytes before a hole must have gone, too, so this must be known. */
  spared: number[]
  /** Captures that have no space ahead. */
  failed: number[]
}

export interface CaptureSpaceOptions {
  /** Of the capture files. */
  directory: string
  /** Milliseconds by a clock that nobody sets. */
  now(): number
  /** The offset that the next hub would begin at. */
  committed(key: string): number
  /** Carries orders out, by their indexes; undefined where the system cannot do it. */
  order?: (orders: SpaceOrder[]) => Promise<SpaceOutcome | undefined>
}

interface Known {
  end: number
  seenAt: number
  /** Bytes a second, of late. */
  rate: number
  punchedTo: number
  sparedTo: number
  allocatedTo: number
  most: number
  restUntil: number
}

const nothing = { offset: 0, length: 0 }
const blockStart = (offset: number): number => Math.floor(Math.max(0, offset) / blockBytes) * blockBytes

export function openCaptureSpace({ directory, now, committed, order = fallocate }: CaptureSpaceOptions): CaptureSpace {
  let known = new Map<string, Known>()
  let possible = process.platform === 'linux'
  let busy = false

  function look(path: string, end: number): Known {
    const before = known.get(path)
    // The child may have truncated it.
    if (!before || end < before.end)
      return {
        end,
        seenAt: now(),
        rate: 0,
        punchedTo: 0,
        sparedTo: 0,
        allocatedTo: 0,
        most: aheadBytes.most,
        restUntil: 0,
      }
    const elapsed = now() - before.seenAt
    if (elapsed < tendMs.full) return before
    const rate = Math.max(((end - before.end) * 1000) / elapsed, before.rate * 0.9)
    return Object.assign(before, { end, seenAt: now(), rate })
  }

  function orderFor(capture: Capture, state: Known, room: number, full: boolean): SpaceOrder | undefined {
    const { path } = capture
    const read = capture.offset()
    const safe = Math.min(committed(capture.key), read)
    const punchTo = blockStart(safe - keptBytes)
    const least = room < tightBytes ? punchBytesWhenTight : punchBytes
    const punch =
      punchTo - state.punchedTo >= least ? { offset: state.punchedTo, length: punchTo - state.punchedTo } : nothing
    const from = Math.max(safe, state.sparedTo)
    const spareBytes = full ? Math.max(0, blockStart(read - keptBytes) - from) : 0
    const wanted = Math.min(state.most, Math.max(aheadBytes.least, (state.rate * aheadMs) / 1000))
    // Allocated space stays, so that giving up as much as was used since keeps it as large as it was.
    const offset = Math.max(blockStart(state.end), state.allocatedTo)
    const most = Math.max(scarceBytes, room / 4, punch.length + spareBytes)
    const length = blockStart(Math.min(state.end + wanted - offset, most))
    const left = offset - state.end
    const isShort = left < wanted * topUpShare && length > 0 && length >= left / 2
    const ahead = isShort && now() >= state.restUntil ? { offset, length } : nothing
    if (punch.length === 0 && ahead.length === 0) return undefined
    const spareLength = Math.min(ahead.length, spareBytes)
    return { path, punch, ahead, spare: spareLength > 0 ? { offset: from, length: spareLength } : nothing }
  }

  function note(state: Known, { punch, ahead, spare }: SpaceOrder, spared: boolean, failed: boolean): void {
    if (punch.length > 0) state.punchedTo = punch.offset + punch.length
    if (ahead.length === 0) return
    if (spared) state.sparedTo = spare.offset + spare.length
    if (!failed) state.allocatedTo = ahead.offset + ahead.length
    state.most = failed ? Math.max(scarceBytes, ahead.length / 2) : Math.min(aheadBytes.most, state.most * 2)
    // Nothing was given up for it, so nothing is different the next moment.
    if (failed && !spared) state.restUntil = now() + (state.rate > 0 ? tendMs.full : restMs)
  }

  async function carryOut(orders: SpaceOrder[]): Promise<void> {
    busy = true
    const outcome = await order(orders)
    busy = false
    if (!outcome) possible = false
    else
      for (const [i, each] of orders.entries()) {
        const state = known.get(each.path)
        if (state) note(state, each, outcome.spared.includes(i), outcome.failed.includes(i))
      }
  }

  return {
    room: () => (busy ? 0 : freeBytes(directory)),
    tend(captures, full) {
      if (!possible || busy) return tendMs.full
      let room = freeBytes(directory)
      const tight = full || room < tightBytes
      const seen = new Map<string, Known>()
      const orders: SpaceOrder[] = []
      for (const capture of captures) {
        if (!capture.private) continue
        const unread = capture.active() ? capture.backlogBytes() : capture.knownBacklogBytes()
        const state = look(capture.path, capture.offset() + unread)
        seen.set(capture.path, state)
        const wanted = orderFor(capture, state, room, full)
        if (!wanted) continue
        orders.push(wanted)
        room -= wanted.ahead.length
      }
      known = seen
      if (orders.length > 0) void carryOut(orders)
      return full ? tendMs.full : tight ? tendMs.tight : tendMs.wide
    },
  }
}

/**
 * A single shell for all files: a process each would cost more than what it is for. By descriptor, because the command would
 * make a file anew that is finished and removed meanwhile.
 */
const script = `
command -v fallocate >/dev/null || exit 3
file=/proc/self/fd/9
punch() { fallocate --punch-hole --offset "$1" --length "$2" $file; }
ahead() { fallocate --keep-size --offset "$1" --length "$2" $file; }
index=0
while [ $# -gt 0 ]; do
  {
    [ "$3" = 0 ] || punch "$2" "$3"
    [ "$5" = 0 ] || ahead "$4" "$5" || { [ "$7" != 0 ] && punch "$6" "$7" && echo "spared $index" && ahead "$4" "$5"; }
  } 2>/dev/null 9<"$1" || echo "failed $index"
  index=$((index + 1))
  shift 7
done
exit 0`

function fallocate(orders: SpaceOrder[]): Promise<SpaceOutcome | undefined> {
  const words = orders.flatMap(({ path, punch, ahead, spare }) => [
    path,
    ...[punch, ahead, spare].flatMap(({ offset, length }) => [String(offset), String(length)]),
  ])
  return new Promise((resolve) => {
    const indexes = (output: string, word: string): number[] =>
      [...output.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map((match) => Number(match[1]))
    execFile('sh', ['-c', script, 'sh', ...words], (error, output) =>
      resolve(error ? undefined : { spared: indexes(output, 'spared'), failed: indexes(output, 'failed') }),
    )
  })
}

/** Bytes that everybody may still take of the disk that `directory` is on; none when nobody can tell. */
function freeBytes(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize
  } catch {
    return 0
  }
}
