// A catalogue that tells of every run that begins, changes or ends.
import type { RunLog, RunRow } from '../contracts/source.ts'
import type { Catalogue } from '../hub/catalogue.ts'

export function tellingRuns(catalogue: Catalogue, tell: (row: RunRow) => void): Catalogue {
  function told(runs: RunLog): RunLog {
    const find = (run: number): RunRow | undefined => [...runs.open(), runs.last()].find((row) => row?.run === run)
    const told = (row: RunRow): RunRow => {
      tell(row)
      return row
    }
    return {
      ...runs,
      begin: (details) => told(runs.begin(details)),
      resume: (details) => told(runs.resume(details)),
      update(run, details) {
        runs.update(run, details)
        const row = find(run)
        if (row) tell(row)
      },
      end(run, endedAt, details) {
        const row = find(run)
        runs.end(run, endedAt, details)
        if (row) tell({ ...row, endedAt, details })
      },
    }
  }
  return { ...catalogue, runs: (...words) => told(catalogue.runs(...words)) }
}
