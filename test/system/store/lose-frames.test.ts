// The newest tail of a killed hub loses a frame, its end, all of it: what a followed file had been read to stays known, no line
// comes twice, none is gone without a gap, a warning and `logboom verify`, and no id is given out again. What is sealed answers all
// questions, also of records that have nothing but a message.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutAt, flipAt, followIntoStore } from './lose-frames.ts'

test('a tail that lost something: positions stay, and what was acknowledged is told of', async (t) => {
  const { hub, frames, survive } = await followIntoStore()
  t.after(() => hub.close())
  const [first, last] = [frames[0]!, frames.at(-1)!]
  assert.equal(await survive('the first frame', flipAt(first.offset + 30)), 0)
  assert.equal(await survive('the last frame', flipAt(last.offset + last.bytes - 5000)), 2000)
  assert.equal(await survive('all bytes', cutAt(0)), 2012)
})
