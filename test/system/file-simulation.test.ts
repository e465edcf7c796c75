// The follower of files against a log that is written and rotated between any two of its steps, with a few seeds; `npm run torture
// files` goes on with others.
import { test } from 'node:test'
import { simulateFiles } from './file-simulation.ts'
import { seedsToTry } from './store/seeded-random.ts'

test('each line of a log is stored once and in order, or a gap tells of it, whatever happens between looks', async (t) => {
  const total: Record<string, number> = {}
  for (const seed of seedsToTry(1, 20))
    for (const [what, count] of Object.entries(await simulateFiles(seed))) total[what] = (total[what] ?? 0) + count
  t.diagnostic(JSON.stringify(total))
})
