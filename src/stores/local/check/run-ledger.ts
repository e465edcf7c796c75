// The account of every run: which sequences are stored, which were removed, which gap records speak of, which are missing.
import type { RunAccount } from '../../../contracts/verify-report.ts'
import { countRanges, formatRanges, joinRanges, subtractRanges, type Range } from '../ranges.ts'
import type { Removal } from '../removals.ts'
import { ruleCause } from '../../../text/gaps.ts'
import type { SequenceClaim } from '../sequence-claims.ts'

export interface RunLedger {
  /** Records of a run in one block or frame, in row order. */
  store(source: string, run: number, ids: Float64Array, seqs: Float64Array): void
  /** Everything of a part of the log has been told: what follows has greater ids. */
  endPart(): void
  claim(claim: SequenceClaim): void
  /** So high a sequence was given out. */
  captured(source: string, run: number, seq: number): void
  accounts(removal: Removal): RunAccount[]
}

/** Sequences and ids that grow together. */
interface Stride {
  firstSeq: number
  lastSeq: number
  firstId: number
  lastId: number
}

interface Run {
  source: string
  run: number
  captured: number
  /** Of this part of the log. */
  open: Stride[]
  strides: Stride[]
}

export function openRunLedger(): RunLedger {
  const runs = new Map<string, Run>()
  const claims = new Map<string, SequenceClaim>()

  function runOf(source: string, run: number): Run {
    const key = `${run} ${source}`
    let known = runs.get(key)
    if (!known) runs.set(key, (known = { source, run, captured: 0, open: [], strides: [] }))
    return known
  }

  return {
    store(source, run, ids, seqs) {
      const { open } = runOf(source, run)
      let last: Stride | undefined
      for (let row = 0; row < seqs.length; row++) {
        const [seq, id] = [seqs[row]!, ids[row]!]
        // Records of the store about itself have no sequence.
        if (seq === 0) continue
        if (last && seq === last.lastSeq + 1 && id > last.lastId) {
          last.lastSeq = seq
          last.lastId = id
        } else open.push((last = { firstSeq: seq, lastSeq: seq, firstId: id, lastId: id }))
      }
    },
    endPart() {
      for (const { open, strides } of runs.values()) {
        for (const stride of open.splice(0).sort(bySeq)) {
          const last = strides.at(-1)
          if (last && stride.firstSeq === last.lastSeq + 1 && stride.firstId > last.lastId) {
            last.lastSeq = stride.lastSeq
            last.lastId = stride.lastId
          } else strides.push(stride)
        }
      }
    },
    claim: (claim) => void claims.set(JSON.stringify(claim), claim),
    captured(source, run, seq) {
      const own = runOf(source, run)
      own.captured = Math.max(own.captured, seq)
    },
    accounts(removal) {
      for (const claim of removal.claims) claims.set(JSON.stringify(claim), claim)
      for (const { source, run } of removal.runs) runOf(source, run)
      for (const { source, run } of claims.values()) runOf(source, run)
      const removed = new Map(removal.runs.map(({ source, run, seqs }) => [`${run} ${source}`, seqs]))
      const claimed = Map.groupBy(claims.values(), ({ source, run }) => `${run} ${source}`)
      return [...runs]
        .map(([key, run]) => accountOf(run, removed.get(key) ?? [], claimed.get(key) ?? []))
        .filter(({ captured }) => captured > 0)
        .sort((a, b) => (a.source === b.source ? a.run - b.run : a.source < b.source ? -1 : 1))
    },
  }
}

const bySeq = (a: Stride, b: Stride): number => a.firstSeq - b.firstSeq || a.firstId - b.firstId

function accountOf(run: Run, removedSeqs: readonly Range[], claims: readonly SequenceClaim[]): RunAccount {
  const strides = run.strides.sort(bySeq)
  const storedSeqs = joinRanges(strides.map(({ firstSeq, lastSeq }): Range => [firstSeq, lastSeq]))
  // Records that were to be removed and are there all the same count as stored.
  const goneSeqs = subtractRanges(removedSeqs, storedSeqs)
  const captured = Math.max(
    run.captured,
    storedSeqs.at(-1)?.[1] ?? 0,
    goneSeqs.at(-1)?.[1] ?? 0,
    ...claims.map(({ toSeq }) => toSeq),
  )
  // A gap record that stands in the place of a line is no line.
  const isStandIn = ({ seq, fromSeq, toSeq }: SequenceClaim): boolean => seq >= fromSeq && seq <= toSeq
  const standIns = joinRanges(claims.filter(isStandIn).map(({ seq }): Range => [seq, seq]))
  const stored = countRanges(subtractRanges(storedSeqs, standIns))
  const removed = countRanges(subtractRanges(goneSeqs, standIns))
  const linesOf = (some: readonly SequenceClaim[]): number => some.reduce((sum, { lines }) => sum + lines, 0)
  const dropped = linesOf(claims.filter(({ cause }) => cause === ruleCause))
  const gaps = linesOf(claims) - dropped
  const missing = captured - stored - removed - dropped - gaps
  const faults = orderFaults(strides)
  if (missing !== 0) {
    const spoken = joinRanges([
      ...goneSeqs,
      ...storedSeqs,
      ...claims.map(({ fromSeq, toSeq }): Range => [fromSeq, toSeq]),
    ])
    const unknown = captured > 0 ? subtractRanges([[1, captured]], spoken) : []
    if (missing < 0) faults.push(`gap records speak of ${-missing} more than are missing`)
    else if (unknown.length > 0) faults.push(`missing: ${formatRanges(unknown)}`)
    else faults.push('gap records speak of fewer than are missing')
  }
  const { source } = run
  return { source, run: run.run, captured, stored, removed, dropped, gaps, missing: Math.max(0, missing), faults }
}

/** Each sequence once, and in the order of ids. */
function orderFaults(strides: readonly Stride[]): string[] {
  const twice: Range[] = []
  const wrong: Range[] = []
  let lastSeq = 0
  let lastId = 0
  for (const stride of strides) {
    if (stride.firstSeq <= lastSeq) twice.push([stride.firstSeq, Math.min(lastSeq, stride.lastSeq)])
    else if (stride.firstId <= lastId) wrong.push([stride.firstSeq, stride.lastSeq])
    lastSeq = Math.max(lastSeq, stride.lastSeq)
    lastId = Math.max(lastId, stride.lastId)
  }
  return [
    ...(twice.length > 0 ? [`twice: ${formatRanges(joinRanges(twice))}`] : []),
    ...(wrong.length > 0 ? [`in wrong order: ${formatRanges(joinRanges(wrong))}`] : []),
  ]
}
