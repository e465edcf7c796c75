// Shedding, the rule: what viewers are spared while streaming is overloaded, so that capturing and filing have the time they need (SPEC
// C13). DEBUG goes first, then everything; calm gives it back in the same steps. Pure: the load and the time are given.

/** The lines that followers who share a stream do not get: none, those below INFO, all. */
export type Shedding = 'none' | 'detail' | 'all'

export interface Load {
  /** Age of the oldest commit that a stream has not come to. */
  behindMs: number
  /** More was waiting than a stream may hold. */
  isOverrun: boolean
  /** Share of its time in which the thread was at work, 0 to 1. */
  busy: number
}

export interface SheddingState {
  shedding: Shedding
  /** The last step back; milliseconds of some clock, as all times here. */
  steppedBackAt: number
  /** Since when the load has been heavy, or calm. */
  heavySince?: number | undefined
  calmSince?: number | undefined
  /** How long it must be calm before the next step back; grows while each step back brings the load back. */
  patienceMs: number
}

const heavyBehindMs = 500
const calmBehindMs = 100
/** A thread that has no more time than this left is not asked for more. */
const calmBusy = 0.7
/** Heavy for so long, and the next step is taken. */
const heavyMs = 500
const patience = { leastMs: 2000, mostMs: 60_000, growth: 2 }
/** Heavy again so soon after a step back, and that step came too early. */
const relapseMs = 10_000

export const unburdened: SheddingState = {
  shedding: 'none',
  steppedBackAt: -Infinity,
  patienceMs: patience.leastMs,
}

const more: Readonly<Record<Shedding, Shedding>> = { none: 'detail', detail: 'all', all: 'all' }
const less: Readonly<Record<Shedding, Shedding>> = { all: 'detail', detail: 'none', none: 'none' }

export function nextShedding(state: SheddingState, load: Load, now: number): SheddingState {
  const isHeavy = load.isOverrun || load.behindMs >= heavyBehindMs
  const isCalm = !isHeavy && load.behindMs < calmBehindMs && load.busy < calmBusy
  const heavySince = isHeavy ? (state.heavySince ?? now) : undefined
  const calmSince = isCalm ? (state.calmSince ?? now) : undefined
  const looked = { ...state, heavySince, calmSince }
  if (heavySince !== undefined && (load.isOverrun || now - heavySince >= heavyMs)) return stepUp(looked, now)
  if (calmSince !== undefined && now - calmSince >= state.patienceMs) return stepDown(looked, now)
  return looked
}

/** Heaviness and calm are counted anew from each step on, so that it has time to help. */
function stepUp(state: SheddingState, now: number): SheddingState {
  const { shedding, steppedBackAt, patienceMs } = state
  if (shedding === 'all') return state
  const isRelapse = now - steppedBackAt < relapseMs
  const longer = Math.min(patience.mostMs, patienceMs * patience.growth)
  const kept = shedding === 'none' ? patience.leastMs : patienceMs
  return { shedding: more[shedding], steppedBackAt, patienceMs: isRelapse ? longer : kept }
}

function stepDown({ shedding, patienceMs, steppedBackAt }: SheddingState, now: number): SheddingState {
  const isNone = shedding === 'none'
  return { shedding: less[shedding], steppedBackAt: isNone ? steppedBackAt : now, patienceMs }
}
