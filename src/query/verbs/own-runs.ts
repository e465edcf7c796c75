// Runs that somebody owns, as a set that is looked up: a condition that only what a caller may see has, and nobody can write.
import type { RunsBySource } from '../../contracts/request.ts'
import type { Verb } from './verb.ts'

/** `owner` tells sets apart where the condition is written as JSON. */
export type OwnRunsCondition = { verb: 'own-runs'; owner: string; runs: RunsBySource }

/** A longer stretch of runs is not looked through to find out whether it has others. */
const longestStretch = 1000

export const ownRuns: Verb<OwnRunsCondition> = {
  verb: 'own-runs',
  names: [],
  recorded: 'nothing',
  parse() {
    throw new Error('own-runs has no name')
  },
  test({ runs }) {
    return { cost: 0, bind: ({ source, run }) => runs.get(source)?.has(run) ?? false }
  },
  plan({ runs }) {
    let [runFrom, runTo] = [Infinity, 0]
    for (const numbers of runs.values())
      for (const run of numbers) {
        runFrom = Math.min(runFrom, run)
        runTo = Math.max(runTo, run)
      }
    return { sources: [...runs.keys()].map((text) => ({ text, wildcard: false })), runFrom, runTo }
  },
  covers({ runs }, { sources, runFrom, runTo }) {
    const [source, other] = sources ?? []
    const own = source === undefined || other !== undefined ? undefined : runs.get(source)
    if (!own || runFrom === undefined || runTo === undefined || runTo - runFrom > longestStretch) return false
    for (let run = runFrom; run <= runTo; run++) if (!own.has(run)) return false
    return true
  },
}
