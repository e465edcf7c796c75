import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openByteRoom, type ByteRoom, type RoomPlace } from './byte-room.ts'

const options = { limitBytes: 100, freeBytes: 10, askMs: 1 }

/** A place, and what it was told. */
function enter(room: ByteRoom, told: string[], name: string): RoomPlace {
  return room.enter({
    wanted() {
      told.push(name)
    },
  })
}

const never = (): never => assert.fail('there was no room')

test('room is taken as bytes come, and the beginning of each is free', () => {
  const room = openByteRoom(options)
  const [large, small] = [enter(room, [], 'large'), enter(room, [], 'small')]
  assert.ok(large.grow(110, never))
  large.settle()
  assert.ok(small.grow(10, never))
  let isIn = false
  assert.ok(!small.grow(1, () => (isIn = true)))
  assert.ok(!isIn)
  large.leave()
  assert.ok(isIn)
  small.leave()
})

test('of bodies that fill the room and are not whole one may go on, alone, until it is done', () => {
  const room = openByteRoom(options)
  const places = [1, 2, 3].map((n) => enter(room, [], `${n}`))
  for (const place of places) assert.ok(place.grow(43, never))
  const taken: number[] = []
  assert.ok(places[1]!.grow(20, never), 'the first that wants more is favoured')
  for (const n of [0, 2]) assert.ok(!places[n]!.grow(20, () => taken.push(n)))
  assert.ok(places[1]!.grow(20, never))
  places[1]!.settle()
  assert.deepEqual(taken, [])
  places[1]!.leave()
  assert.deepEqual(taken, [0, 2])
})

test('while somebody waits the others are told, but for those that wait and those that are whole', async () => {
  const room = openByteRoom(options)
  const told: string[] = []
  const [whole, slow, waits] = ['whole', 'slow', 'waits'].map((name) => enter(room, told, name))
  assert.ok(whole!.grow(100, never))
  whole!.settle()
  assert.ok(slow!.grow(20, never))
  assert.ok(!waits!.grow(50, () => undefined))
  while (told.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
  assert.deepEqual([...new Set(told)], ['slow'])
  waits!.leave()
  slow!.leave()
  whole!.leave()
})

test('what a place gives back while it stays is for those that wait', () => {
  const room = openByteRoom(options)
  const [stays, comes] = [enter(room, [], 'stays'), enter(room, [], 'comes')]
  stays.settle()
  assert.ok(stays.grow(110, never))
  let isIn = false
  assert.ok(!comes.grow(50, () => (isIn = true)))
  stays.shrink(39)
  assert.ok(!isIn)
  stays.shrink(1)
  assert.ok(isIn)
  assert.ok(!stays.grow(1, () => undefined))
  comes.leave()
  stays.leave()
})
