// Frames are found through a window as they are found in the whole file, wherever its edges lie and whatever is damaged.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { nodeDisk } from '../../../system/disk.ts'
import { frameBytes, frameHeaderBytes, sealFrame } from '../../../wire/frame.ts'
import { scanFrames } from './scan-frames.ts'
import { walkFrames } from './walk-frames.ts'

/** Numbers below, the same for the same seed. */
function random(seed: number): (below: number) => number {
  return (below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
}

function frameOf(payloadBytes: number, fill: number): Uint8Array {
  const frame = new Uint8Array(frameBytes(payloadBytes))
  frame.fill(fill, frameHeaderBytes, frameHeaderBytes + payloadBytes)
  sealFrame(frame, payloadBytes)
  return frame
}

test('frames over the edges of windows, damaged ones, and one that was cut off', (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-frames-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const file = path.join(directory, 'frames')
  let damages = 0
  for (let seed = 1; seed <= 8; seed++) {
    const next = random(seed)
    const sizes = Array.from({ length: 8 }, () => [50, 90_000, 700_000, 2_500_000][next(4)]! + next(1000))
    const whole = Buffer.concat(sizes.map((size, index) => frameOf(size, index)))
    const bytes = whole.subarray(0, whole.length - (next(2) === 0 ? 0 : next(sizes.at(-1)!)))
    for (let times = next(4); times > 0; times--) bytes[next(bytes.length)]! ^= 1
    writeFileSync(file, bytes)
    const offsets: number[] = []
    const { end, damage } = walkFrames(nodeDisk, file, 0, ({ offset }) => offsets.push(offset) > 0)
    const expected = scanFrames(bytes)
    assert.deepEqual(offsets, expected.frames.map(({ offset }) => offset), `seed ${seed}`) // oxfmt-ignore
    assert.equal(end, expected.end)
    assert.deepEqual(damage, expected.damage.filter(({ offset }) => offset < end), `seed ${seed}`) // oxfmt-ignore
    damages += damage.length
  }
  assert.ok(damages > 2)
})
