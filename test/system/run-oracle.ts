// Knows what is right about the runs of sources in a store: records of one run are one sequence without holes, nothing of it is
// missing, it ends once, and its process prints nothing after that.
import assert from 'node:assert/strict'
import type { LogRecord } from '../../src/client/index.ts'

export interface RunOracle {
  /** The next record of the store. */
  take(record: LogRecord): void
  /** Throws unless each run has ended once. */
  assertEnded(): void
}

export function runOracle(): RunOracle {
  const sequences = new Map<string, number>()
  const exits = new Map<string, number>()
  const runs = new Set<string>()
  let lastId = 0
  return {
    take({ id, source, run, seq, kind, message, fields }) {
      assert.ok(id > lastId, 'ids ascend')
      lastId = id
      const key = `${source} ${run}`
      assert.equal(seq, (sequences.get(key) ?? 0) + 1, `${key}: the sequence has no holes`)
      sequences.set(key, seq)
      if (source === 'logboom') return
      assert.notEqual(kind, 'gap', `a gap: ${message}`)
      runs.add(key)
      if (kind === 'event' && fields?.['event'] === 'exited') exits.set(key, (exits.get(key) ?? 0) + 1)
      else if (kind !== 'event') assert.ok(!exits.has(key), `${key}: a line after its exit: ${message}`)
    },
    assertEnded() {
      for (const run of runs) assert.equal(exits.get(run), 1, `${run}: one exit`)
    },
  }
}
