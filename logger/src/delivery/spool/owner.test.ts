import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { createOwner, formatOwner, here, ownerLife, parseOwner, startTicksOf } from './owner.ts'

const owner = createOwner()
const signs = { here: here(), startTicks: owner.startTicks, untouchedMs: 0 }

test('a name says who owns a spool, and names of others say nothing', () => {
  assert.deepEqual(parseOwner(formatOwner(owner)), owner)
  for (const name of ['', 'a.b.c.d.e', '1.2.3.4', '1.2.3.4.5.6', 'gap.tmp']) assert.equal(parseOwner(name), undefined)
})

test('an owner is dead when its process is gone, or its number belongs to another process', () => {
  assert.equal(ownerLife(owner, signs), 'alive')
  assert.equal(ownerLife(owner, { ...signs, startTicks: undefined }), 'dead')
  assert.equal(ownerLife(owner, { ...signs, startTicks: owner.startTicks + 1 }), 'dead')
  assert.equal(ownerLife({ ...owner, pid: 0 }, signs), 'dead')
})

test('of an owner in another machine, container or run of the machine only its signs are known', () => {
  for (const other of [
    { ...owner, machine: 'other' },
    { ...owner, pidSpace: 'other' },
  ]) {
    assert.equal(ownerLife(other, { ...signs, untouchedMs: 1500 }), 'unknown')
    assert.equal(ownerLife(other, { ...signs, untouchedMs: 3500 }), 'dead')
  }
})

test('a process has a start until it ends', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  assert.ok(startTicksOf(child.pid!)! >= startTicksOf(process.pid)!)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(startTicksOf(child.pid!), undefined)
})
