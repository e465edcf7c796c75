import assert from 'node:assert/strict'
import { test } from 'node:test'
import { membersIn } from './members.ts'
import type { ProcessStat } from './proc-table.ts'

/** Numbers that no process has. */
const base = 1 << 23

function stat(pid: number, parent: number, startTicks: number): ProcessStat {
  const rest = { state: 'S', ticks: 0, ownTicks: 0, memoryBytes: 0, waitStatus: 0 }
  return { pid: base + pid, parent: base + parent, group: base + pid, session: base + pid, startTicks, ...rest }
}

test('a child with a smaller number than its parent, born in the same instant, belongs to the family', () => {
  const marks = new Map([
    [base + 30, 'ours'],
    [base + 7, 'of a hub below'],
  ])
  const table = [
    stat(4, 3, 100),
    stat(3, 30, 100),
    stat(30, 1, 100),
    stat(7, 30, 100),
    stat(8, 7, 100),
    stat(9, 1, 100),
  ]
  const members = membersIn({ table, markOf: (pid) => marks.get(pid) }, { runId: 'ours', files: [] })
  assert.deepEqual(
    members.map(({ pid }) => pid - base),
    [3, 4, 30],
  )
})
