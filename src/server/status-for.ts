// The state of the hub as one caller may see it: what is not granted is not there.
import type { Caller } from '../contracts/caller.ts'
import type { HubStatus, StoreView } from '../wire/hub-view.ts'

export function statusFor(caller: Caller, { hub, sources }: HubStatus): HubStatus {
  if (caller.within === undefined) return { hub, sources }
  return {
    // Trouble names sources and files of anybody.
    hub: caller.may('administer') ? hub : { ...hub, trouble: [] },
    sources: sources.filter(({ name }) => caller.mayRead(name)),
  }
}

/** Figures of the sources that are granted; days and files tell of all of them together, so they are left out. */
export function storeFor(caller: Caller, view: StoreView): StoreView {
  if (caller.within === undefined) return view
  const { directory: _, hold: __, ...rest } = view
  const sources = view.sources.filter(({ source }) => caller.mayRead(source))
  const total = (of: (source: StoreView['sources'][number]) => number): number =>
    sources.reduce((sum, each) => sum + of(each), 0)
  return {
    ...rest,
    records: total(({ records }) => records),
    rawBytes: total(({ rawBytes }) => rawBytes),
    bytes: total(({ bytes }) => bytes),
    files: { days: 0, tails: 0 },
    sources,
    days: [],
  }
}
